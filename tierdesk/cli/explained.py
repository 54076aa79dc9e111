"""Messages through detector and rules, and what was found and decided as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from msgspec.structs import replace

from inbox.decision import Articles, Decision
from inbox.desk import Desk
from inbox.facts import Facts, Findings
from inbox.message import MAX_TEXT, Account
from inbox.ports import Detector, Knowledge, Router, SecondOpinion
from inbox.self_service import wanted
from responders.knowledge.judging import Judgement, judge
from router.engine import answer
from tierdesk.cli.samples import BadLine, Sample, read, sample_of, together
from tierdesk.settings_accounts import CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """Detector and rules on a table: nothing is stored and nothing sent. `desk` is the team's own,
    None where no folder was named; `knowledge` its articles, where they are asked for. With an
    `opinion` the second look is taken at once.
    """

    detector: Detector
    router: Router
    at: datetime
    desk: Desk | None = None
    knowledge: Knowledge | None = None
    opinion: SecondOpinion | None = None

    def explain(self, sample: Sample) -> tuple[Findings, Decision]:
        return self.explain_all([sample])[0]

    def team_of(self, decision: Decision) -> str | None:
        """Key of the team that gets the message, as far as that is known."""
        return self.desk.team_of(decision.tier, decision.team) if self.desk else decision.team

    def private_from(self, otherwise: int) -> int | None:
        """The first private tier; None where the desk has none, `otherwise` where none is known."""
        if self.desk is None:
            return otherwise
        tier = self.desk.private_tier()
        return tier.number if tier else None

    def articles_of(self, sample: Sample, decision: Decision) -> tuple[Articles, str]:
        """What the knowledge base may do, and why it is less than the rule says."""
        lets, why = self._account_lets(Account(sample.network, sample.account))
        if self.desk and not self.desk.self_service() and lets is Articles.AUTO:
            lets, why = Articles.SUGGEST, "without a tier 0 nothing is sent by itself"
        return (lets, why) if lets.rank < decision.articles.rank else (decision.articles, "")

    def _account_lets(self, account: Account) -> tuple[Articles, str]:
        """Of an account that is not known nothing is said, save where its network is closed."""
        if self.desk is not None and account in self.desk.articles:
            return self.desk.articles[account], f"{account} lets it do no more"
        closed = account.network in CLOSED
        why = f"on {account.network} an account has to be opened by name"
        return (Articles.OFF, why) if closed else (Articles.AUTO, "")

    def knows_account(self, sample: Sample) -> bool:
        """Whether the settings say what the account lets the knowledge base do."""
        account = Account(sample.network, sample.account)
        return self.desk is not None and account in self.desk.articles

    def article_of(
        self, sample: Sample, findings: Findings, decision: Decision
    ) -> Judgement | None:
        """The article that would answer; None where none may, or no articles are known."""
        allowed, _ = self.articles_of(sample, decision)
        if self.knowledge is None or allowed is not Articles.AUTO or not wanted(decision):
            return None
        return judge(self.knowledge, sample.text[:MAX_TEXT], findings.language)

    def explain_all(self, samples: Sequence[Sample]) -> list[tuple[Findings, Decision]]:
        """Of each sample, in their order; many at once cost less each."""
        looked = zip(samples, self.facts_of(samples), strict=True)
        return [self._explained(sample, *found) for sample, found in looked]

    def _explained(
        self, sample: Sample, findings: Findings, facts: Facts
    ) -> tuple[Findings, Decision]:
        decision = self.router.route(facts)
        return self._looked_again(sample, findings, decision) or (findings, decision)

    def _looked_again(
        self, sample: Sample, findings: Findings, decision: Decision
    ) -> tuple[Findings, Decision] | None:
        """None where a second look raises nothing."""
        if self.opinion is None or decision.tier is None or not self.opinion.wants(findings):
            return None
        text = sample.text[:MAX_TEXT]
        topic = self.opinion.look(text, findings)
        if topic is None:
            return None
        found = replace(findings, topics=(*findings.topics, topic), leaning=None)
        again = self.router.route(self._facts(sample, text, found))
        raised = again.tier is not None and again.tier > decision.tier
        return (found, again) if raised else None

    def facts_of(self, samples: Sequence[Sample]) -> list[tuple[Findings, Facts]]:
        """What the rules are asked about."""
        texts = [(sample.text[:MAX_TEXT], sample.language) for sample in samples]
        looked = zip(samples, texts, self.detector.detect_all(texts), strict=True)
        return [(found, self._facts(sample, text, found)) for sample, (text, _), found in looked]

    def _facts(self, sample: Sample, text: str, findings: Findings) -> Facts:
        visibility, kind = sample.place()
        return Facts(
            network=sample.network,
            account=sample.account,
            visibility=visibility,
            kind=kind,
            text=text,
            language=findings.language,
            topics=findings.topics,
            spans=findings.spans,
            links=findings.links,
            attachments=sample.attachments,
            author=sample.author,
            followers=sample.followers,
            verified=sample.verified,
            bot=sample.bot,
            vip=self._vip(sample),
            first_contact=sample.first_contact,
            case_tier=sample.case_tier,
            case_status=sample.case_status,
            business_hours=sample.business_hours,
            at=self.at,
            failed=findings.failed,
            doubt=findings.doubt,
            hints=findings.hints,
            rating=sample.rating,
            staff=sample.staff,
            menu_choice=sample.menu_choice,
        )

    def _vip(self, sample: Sample) -> bool:
        if sample.vip is not None or self.desk is None:
            return bool(sample.vip)
        return sample.author.removeprefix("@").lower() in self.desk.vips

    def explain_lines(self, lines: BinaryIO) -> Iterator[tuple[bool, str]]:
        """Each line's answer as JSON, and whether it was a message. Holds a few lines at a time."""
        for some in together(read(lines, sample_of)):
            answers = iter(self.explain_all([one for _, one in some if isinstance(one, Sample)]))
            for number, one in some:
                if isinstance(one, BadLine):
                    bad = {"id": one.id, "line": number, "error": str(one)}
                    yield False, json.dumps(bad)
                else:
                    yield True, json.dumps(self.as_json(one, *next(answers)))

    def as_json(self, sample: Sample, findings: Findings, decision: Decision) -> dict[str, object]:
        """Everything that was found and decided; `start` and `end` count characters of the text."""
        why = decision.explanation
        article = self.article_of(sample, findings, decision)
        return {
            "id": sample.id,
            "tier": decision.tier,
            "rule": decision.rule,
            "position": decision.position,
            "team": self.team_of(decision),
            "priority": decision.priority,
            "tags": decision.tags,
            "respond": answer(decision.response),
            "articles": self.articles_of(sample, decision)[0],
            "article": article.sent.article.key if article and article.sent else None,
            "ignore": decision.ignore,
            "hide": decision.hide,
            "alerts": decision.alerts,
            "watch": decision.watch,
            "language": findings.language,
            "topics": [topic.name for topic in findings.topics],
            "spans": [{"start": s.start, "end": s.end, "class": s.cls} for s in findings.spans],
            "explanation": {
                "because": why.because,
                "not_by": [
                    {"position": miss.position, "rule": miss.rule, "failed": miss.failed}
                    for miss in why.not_by
                ],
                "also": [
                    {"rule": also.rule, "did": also.did, "because": also.because}
                    for also in why.also
                ],
                "shadow": [
                    {"rule": one.rule, "did": one.did, "because": one.because} for one in why.shadow
                ],
            },
            "version": decision.version,
        }

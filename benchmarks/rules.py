"""How fast messages are detected and routed on one core, with 200 rules.

    python benchmarks/rules.py

The floor is what any program must do: read each text once and lower its case. Ratios to it compare
machines better than the numbers do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from inbox.facts import Facts, Findings
from inbox.message import Kind, Visibility
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import parse_rules
from router.model.classifier import Classifier
from router.normal import normalise
from router.vocabulary import TOPICS, Vocabulary

RULES = 200
MESSAGES = 20_000

TEXTS = (
    "Hi, my parcel has been on its way for two weeks now, where is it?",
    "Do you have the blue one in size 42 again soon?",
    "You took the money twice for order {n}, please look into it!",
    "Bună ziua, coletul meu nu a ajuns nici azi, ce se întâmplă?",
    "Siparişim hâlâ gelmedi, kaç gün daha bekleyeceğim acaba?",
    "Здравствуйте, когда вы откроетесь в новом торговом центре?",
    "先週注文した商品がまだ届きません。いつ届きますか？",
    "Love the new colours, well done everybody {n}",
)
"""Short posts as people write them; {n} makes each one new."""


def rules_text() -> str:
    """200 rules of every ordinary kind, none of which holds for the texts, and the last."""
    kinds = (
        "{{text: {{any_words: [word{n}, phrase number {n}, wort{n}*]}}}}",
        "{{topics: [{topic}], network: net{n}}}",
        "{{visibility: private, text: {{all_words: [alpha{n}, beta]}}}}",
        "{{data: [card, iban], author: {{handles: [person{n}]}}}}",
        "{{language: [x{n}], kind: [review, dm]}}",
        "{{any: [{{attachments: {{at_least: {n}1, at_most: {n}1}}}}, {{account: acc{n}}}]}}",
    )
    lines = ["ordered:"]
    for n in range(RULES - 1):
        when = kinds[n % len(kinds)].format(n=n, topic=TOPICS[n % len(TOPICS)])
        lines += [f"  - name: Rule {n}", f"    when: {when}", "    then: {tier: 2}"]
    return "\n".join((*lines, "  - {name: Last, when: always, then: {tier: 1}}", ""))


def facts_of(text: str, findings: Findings) -> Facts:
    return Facts(
        network="mastodon",
        account="main",
        visibility=Visibility.PUBLIC,
        kind=Kind.MENTION,
        text=text,
        language=findings.language,
        topics=findings.topics,
        spans=findings.spans,
        links=findings.links,
        attachments=0,
        author="ana",
        followers=120,
        verified=False,
        bot=False,
        vip=False,
        first_contact=True,
        case_tier=None,
        case_status=None,
        business_hours=True,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def rate(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Texts a second of processor time, the best of three runs."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            work(text)
        best = max(best, len(texts) / (time.process_time() - start))
    return best


def main() -> None:
    texts = [TEXTS[n % len(TEXTS)].format(n=10_000 + n) for n in range(MESSAGES)]
    texts = [f"{text} {n % 97}" for n, text in enumerate(texts)]
    rules = parse_rules(rules_text(), file="benchmark", vocabulary=Vocabulary(topics=TOPICS))
    router, detector = OrderedRouter(rules), LexiconDetector()
    detector.warm()
    model = Classifier()
    model.warm()
    normal = {text: normalise(text).text for text in texts}
    without = LexiconDetector(model=False)
    without.warm()
    known = {text: facts_of(text, detector.detect(text)) for text in texts}
    floor = rate(lambda text: text.casefold(), texts)
    measured = {
        "model": rate(lambda text: model.judge(normal[text], "en"), texts),
        "detect without model": rate(without.detect, texts),
        "detect": rate(detector.detect, texts),
        f"route, {RULES} rules": rate(lambda text: router.route(known[text]), texts),
        "both": rate(lambda text: router.route(facts_of(text, detector.detect(text))), texts),
    }
    print(f"{'floor (casefold)':<20} {floor:>10,.0f} messages/s")
    for name, value in measured.items():
        print(f"{name:<20} {value:>10,.0f} messages/s   ratio {value / floor:.4f}")


if __name__ == "__main__":
    main()

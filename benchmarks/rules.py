"""How fast messages are detected and routed on one core, with 200 rules.

    python benchmarks/rules.py

The floor is what any program must do: read each text once and lower its case. Ratios to it compare
machines better than the numbers do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from inbox.facts import Facts, Findings
from inbox.message import Kind, Visibility
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import parse_rules
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


TOGETHER = 256
"""Texts that are looked at in one call, as those of long files are."""

LATIN = (0, 1, 2, 3, 4, 7)
"""Which of TEXTS are written in Latin letters."""


def rate(work: Callable[[Sequence[str]], object], texts: Sequence[str], size: int = 1) -> float:
    """Texts a second of processor time, `size` of them in each call; the best of three runs."""
    parts = [texts[at : at + size] for at in range(0, len(texts), size)]
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for part in parts:
            work(part)
        best = max(best, len(texts) / (time.process_time() - start))
    return best


def some(which: Sequence[int]) -> list[str]:
    """Messages made of these TEXTS, no two alike."""
    texts = [TEXTS[which[n % len(which)]].format(n=10_000 + n) for n in range(MESSAGES)]
    return [f"{text} {n % 97}" for n, text in enumerate(texts)]


def detecting(detector: LexiconDetector) -> Callable[[Sequence[str]], object]:
    return lambda texts: detector.detect_all([(text, None) for text in texts])


def routing(router: OrderedRouter, facts: Mapping[str, Facts]) -> Callable[[Sequence[str]], object]:
    return lambda texts: [router.route(facts[text]) for text in texts]


def both(router: OrderedRouter, detector: LexiconDetector) -> Callable[[Sequence[str]], object]:
    def work(texts: Sequence[str]) -> list[object]:
        found = detector.detect_all([(text, None) for text in texts])
        return [router.route(facts_of(*each)) for each in zip(texts, found, strict=True)]

    return work


def main() -> None:
    rules = parse_rules(rules_text(), file="benchmark", vocabulary=Vocabulary(topics=TOPICS))
    router, detector = OrderedRouter(rules), LexiconDetector()
    without = LexiconDetector(model=False)
    detector.warm()
    without.warm()
    others = [at for at in range(len(TEXTS)) if at not in LATIN]
    texts, latin, other = some(range(len(TEXTS))), some(LATIN), some(others)
    facts = {text: facts_of(text, detector.detect(text)) for text in texts}
    floor = rate(lambda some: [text.casefold() for text in some], texts, TOGETHER)
    measured = {
        "detect, one at a time": rate(detecting(detector), texts),
        f"detect, {TOGETHER} together": rate(detecting(detector), texts, TOGETHER),
        "  without the model": rate(detecting(without), texts, TOGETHER),
        "  Latin letters": rate(detecting(detector), latin, TOGETHER),
        "  Russian and Japanese": rate(detecting(detector), other, TOGETHER),
        f"route, {RULES} rules": rate(routing(router, facts), texts, TOGETHER),
        f"both, {TOGETHER} together": rate(both(router, detector), texts, TOGETHER),
    }
    print(f"{'floor (casefold)':<24} {floor:>10,.0f} messages/s")
    for name, value in measured.items():
        print(f"{name:<24} {value:>10,.0f} messages/s   ratio {value / floor:.4f}")


if __name__ == "__main__":
    main()

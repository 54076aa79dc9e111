"""The seeded story: what people write on the networks and in the helpdesk while one watches."""

from dataclasses import dataclass
from typing import Any

DESK, TERMINAL = "slack", "terminal"
PUBLIC = "care-public"
"""The channel where the desk's people talk to each other."""

MIHAI, SAM = "U0MIHAI", "U0SAM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that somebody does in a `place`, `after_s` seconds after the step before it.

    `ref` names the post that a step makes. `reply_to` and `target` name such a post, or
    one of the brand's own: "fern", "autumn", "tray"; in the helpdesk the ticket's customer; at the
    desk words of the card or window, or a channel. What is not there yet is looked for `tries`
    times, a second apart.
    """

    who: str
    place: str = "mastodon"
    type: str = "post"
    text: str = ""
    after_s: float = 8.0
    visibility: str = "public"
    reply_to: str | None = None
    target: str | None = None
    ref: str | None = None
    status: str | None = None
    tries: int = 1

    @property
    def about(self) -> str | None:
        return self.target or self.reply_to

    def act(self, found: str | None) -> dict[str, Any] | None:
        """The act for the people's endpoint; None when what it is about was not `found`."""
        if self.about is not None and found is None:
            return None
        act: dict[str, Any] = {"as": self.who, "type": self.type}
        if self.text:
            act["text"] = self.text
        if self.type == "post":
            act["visibility"] = self.visibility
        if self.status:
            act["status"] = self.status
        if self.about is not None:
            act[self._named()] = found
        return act

    def _named(self) -> str:
        if self.place in (DESK, TERMINAL):
            return "target"
        if self.place == "helpdesk":
            return "ticket"
        return "id" if self.target else "in_reply_to_id"


CRACKED = """\
  - name: Cracked seats
    when:
      text: {any_words: [crack*]}
    then:
      tier: 2
      team: specialists
      tags: [september-batch]
"""
ON_TRIAL = CRACKED.replace("    when:", "    shadow: true\n    when:")
"""It decides nothing, and Why here? tells what it would have decided."""


STEPS: tuple[Step, ...] = (
    Step(
        who="tom",
        after_s=2.0,
        text="Hi! What time do you open on Saturday? I'd love to see the Fern lamp in person "
        "before I buy one.",
        reply_to="fern",
        ref="hours",
    ),
    Step(
        who="yuki",
        text="木のトレイ、今朝届きました。手仕上げの角の丸みがとてもきれいで、"
        "毎朝のコーヒーの時間が楽しみになりました。ありがとうございます！",
        reply_to="tray",
        ref="tray-praise",
    ),
    Step(
        who="olga",
        place="instagram",
        text="Какая красота! А цоколь у лампы Fern обычный, можно вкрутить свою лампочку?",
        reply_to="fern",
        ref="socket",
    ),
    Step(
        who="nina",
        visibility="direct",
        text="Hello, can you help me please?",
        ref="help",
    ),
    Step(
        who="mehmet",
        text="Merhaba, 4 Kasım'da verdiğim BL-204817 numaralı sipariş hâlâ elime ulaşmadı. "
        "Kargo takibi bir haftadır “dağıtımda” diyor. Paketim nerede acaba?",
        ref="parcel",
    ),
    Step(
        who="tom",
        place="x",
        text="My oak stool left your store on Monday, says the tracking, and nothing since. "
        "Is it lost?",
        ref="stool",
    ),
    Step(who="nina", visibility="direct", text="2", reply_to="help", ref="choice"),
    Step(
        who="ana",
        text="Bună ziua! Mi-ați luat banii de două ori pentru aceeași veioză: pe 17 noiembrie "
        "apar pe extras două plăți de câte 249 de lei. Cum îmi recuperez una dintre ele?",
        reply_to="fern",
        ref="twice",
    ),
    Step(
        who="nina",
        text="Do you ship abroad, to Japan for example?",
        reply_to="autumn",
        ref="abroad",
    ),
    Step(who="yuki", type="favourite", after_s=4.0, target="tray"),
    Step(who="yuki", place="instagram", type="favourite", after_s=2.0, target="fern"),
    Step(
        who="mehmet",
        place="instagram",
        text="Bu lamba için paramı iki kez çektiniz! Fazlasını şu hesaba iade edin: "
        "TR33 0006 1005 1978 6457 8413 26. Ne zaman gelir?",
        reply_to="fern",
        ref="refund",
    ),
    Step(
        who="olga",
        text="Здравствуйте! Третий раз не могу оплатить заказ. Карта точно рабочая, вот номер: "
        "4111 1111 1111 1111, срок 09/28. Проверьте, пожалуйста, что не так с вашей стороны.",
        ref="card",
    ),
    Step(
        who="nina",
        text="And could you gift-wrap it, with a card inside?",
        reply_to="abroad",
        ref="gift-wrap",
    ),
    Step(
        who="bargains",
        text="🔥🔥 LAMPS 90% OFF!!! 🔥🔥 Don't pay full price here 👉 "
        "https://bargain-deals.example/lamps 👉 https://win-a-sofa.example/claim "
        "#sale #deal #free",
        reply_to="autumn",
        ref="spam",
    ),
    Step(
        who="mehmet",
        place="instagram",
        visibility="direct",
        text="Bana buradan yazdığınız için teşekkürler. Sipariş numaram BL-204931, "
        "ödeme 12 Kasım'da iki kez yapılmış.",
        ref="refund-dm",
    ),
    Step(
        who="tom",
        text="The Fern lamp we got last week gives off a burnt smell and a little smoke after "
        "ten minutes. My daughter has asthma and coughed the whole evening. Is it safe to use?",
        ref="smoke",
    ),
    Step(
        who="tom",
        type="edit",
        text="Hi! What time do you open on Saturday, and is there somewhere to lock up a bike? "
        "I'd love to see the Fern lamp in person before I buy one.",
        target="hours",
    ),
    Step(
        who="mehmet",
        text="Bir de şu var: üç yanlış denemeden sonra hesabım kilitlendi, şifre sıfırlama "
        "e-postası da gelmiyor. Hesabımı yeniden nasıl açtırabilirim?",
        ref="locked",
    ),
    Step(
        who="ana",
        visibility="direct",
        text="V-am scris și aici, ca să nu pun datele în public. Comanda este BL-204655, "
        "plătită cu un card care se termină în 4417. E-mailul meu: ana.popescu@posta.example.",
        reply_to="twice",
        ref="twice-dm",
    ),
    Step(
        who="yuki",
        text="オーク材のスツールに座った後、腕に赤い発疹が出ました。アレルギー体質なので心配です。"
        "塗料にどんな成分が使われているか、教えていただけますか。",
        ref="rash",
    ),
    Step(
        who="yuki",
        place="x",
        text="秋の送料無料、丸いサイドテーブルも対象でしょうか？週末に注文したいです。",
        reply_to="autumn",
        ref="free-delivery",
    ),
    Step(
        who="olga",
        text="А лампу Fern подруге уже подарили: свет тёплый, глаза совсем не устают. "
        "Спасибо вам за такую красоту!",
        reply_to="fern",
        ref="fern-praise",
    ),
    Step(
        who="tom",
        text="Do you also sell tyre pumps? Mine just gave up.",
        reply_to="autumn",
        ref="wrong-shop",
    ),
    Step(
        who="ana",
        text="Știe cineva dacă livrarea gratuită e valabilă și pentru măsuța rotundă? "
        "Aș comanda-o chiar azi.",
        reply_to="autumn",
        ref="delivery",
    ),
    Step(
        who=MIHAI,
        place=DESK,
        type="press",
        text="article.use",
        target="livrarea gratuită",
        tries=40,
    ),
    Step(
        who=MIHAI,
        place=DESK,
        type="send",
        target="livrarea gratuită",
        tries=10,
    ),
    Step(
        who=MIHAI,
        place=DESK,
        type="choose",
        text="case.should_have_been=X",
        after_s=4.0,
        target="tyre pumps",
        tries=40,
    ),
    Step(
        who="nina",
        place="instagram",
        text="Forty minutes for one tray? You can see it in every corner. Would you make it in "
        "walnut too?",
        reply_to="tray",
        ref="walnut",
    ),
    Step(who="tom", type="delete", target="wrong-shop"),
    Step(
        who="mehmet",
        text="Bu arada ürün fotoğraflarınız çok güzel, ellerinize sağlık. "
        "Cumartesi günü mağazanız saat kaça kadar açık?",
        reply_to="tray",
        ref="hours-tr",
    ),
    Step(
        who="tom",
        place="instagram",
        text="The seat of my oak stool has cracked after two months. Who do I talk to? "
        "tom.becker@post.example or 030 5550147.",
        reply_to="autumn",
        ref="cracked",
    ),
    Step(
        who=SAM,
        place=DESK,
        type="say",
        text="A seat of the oak stool has cracked. If there are more, the specialists shall have "
        "them at once: I write a rule for it, in shadow first, and see what it would have taken.",
        after_s=6.0,
        target=PUBLIC,
    ),
    Step(who=SAM, place=TERMINAL, type="rule", text=ON_TRIAL, after_s=4.0, target="rules.yaml"),
    Step(
        who=SAM,
        place=DESK,
        type="answer",
        text="That is “Cracked seats”, on trial: nothing changes for anybody yet.",
        after_s=4.0,
        target="New rules are in use",
        tries=40,
    ),
    Step(
        who="tom",
        place="instagram",
        visibility="direct",
        after_s=10.0,
        text="Thanks for writing. It is order BL-203977 of 12 September, so it should be under "
        "warranty. Do I get a new one?",
        ref="warranty",
    ),
    Step(
        who="nina",
        text="Do trays hold longer than your oak stools? A crack runs through the seat of mine "
        "after one winter.",
        reply_to="tray",
        ref="crack",
    ),
    Step(
        who=MIHAI,
        place=DESK,
        type="choose",
        text="case.more=why",
        after_s=6.0,
        target="A crack runs through",
        tries=40,
    ),
    Step(who=MIHAI, place=DESK, type="close", after_s=14.0, target="Decided by", tries=10),
    Step(who=SAM, place=TERMINAL, type="replay", text=CRACKED, after_s=4.0, target="rules.yaml"),
    Step(who=SAM, place=TERMINAL, type="rule", text=CRACKED, after_s=16.0, target="rules.yaml"),
    Step(
        who=SAM,
        place=DESK,
        type="say",
        text="Two stools, and nothing else. “Cracked seats” is in force now, as the first of all.",
        target=PUBLIC,
    ),
    Step(
        who="rita",
        place="helpdesk",
        type="note",
        after_s=6.0,
        text="Third cracked seat of the September batch. New stool, nothing to send back.",
        target="Tom Becker",
        tries=40,
    ),
    Step(
        who="rita",
        place="helpdesk",
        type="reply",
        text="Hello Tom, sorry about that. It is under warranty: a new stool leaves us tomorrow, "
        "and you need not send the old one back.",
        target="Tom Becker",
        status="pending",
    ),
)

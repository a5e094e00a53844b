"""Words of questions for lists and counts that ask for nothing by themselves. Used by counting."""

from __future__ import annotations

PLAIN = frozenset(
    """
    report reports inspection inspections service services authority authorities local council councils provider providers area areas
    region regions place places publication publications document documents release releases press rated rate rates rating ratings graded
    grade grades judged judge judgement judgements judgment judgments overall effectiveness published publish publication inspected
    inspect gave give given giving received receive get got award awarded found find list show name count number library year years since
    latest last recent recently most current currently now present today standing scored score scores result results outcome outcomes
    best worst highest lowest top change changed changes improve improved improves improvement decline declined declines deteriorated
    worse better compare compared comparison difference differ versus vs trend trends time distribution breakdown spread split share
    proportion percentage standard standards quality level levels time times first previous one ones how there here across whole entire
    many company companies team teams unit units trust trusts home homes school schools prison prisons hospital hospitals borough
    boroughs county counties city cities division divisions re risen rose fell fallen dropped up down gone went moved got aspects aspect
    owned owner owners owns run runs operated operates by below above least higher lower short except
    domains domain everywhere every single please
    came come out carried considered know altogether total mean held hold has their so far ever
    """.split()
)
FRAME = frozenset(
    """
    report reports inspection inspections service services authority authorities council councils publication publications document
    documents release releases rated graded judged rating ratings grade grades judgement judgements published inspected library year years
    overall effectiveness local list show name latest recent currently since one ones gave give got get received
    """.split()
)
STANCE = frozenset(
    """
    criticise criticised criticises criticize criticized praise praised praises discuss discussed discusses raise raised raises highlight
    highlighted highlights describe described describes identify identified identifies note noted notes warn warned warns comment
    commented comments concern concerns concerned speak speaks spoke talk talks talked address addressed addresses cover covers covered
    deal deals about regarding find finds found say says said tell tells told concerning issue issues problem problems
    """.split()
)
"""How a report speaks of something. Finding by meaning cannot tell praise from blame; the words would only blur the rest."""

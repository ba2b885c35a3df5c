//! Threats and insults among the words of a text: what is promised to whom, what somebody is called.

mod company;
mod promise;
mod span;

use std::cell::OnceCell;

use parlour_guest::scan::drawn_together;
use parlour_guest::{Folded, Span};

use crate::phrases::{chosen, phrases};
use crate::table::row;
use crate::text::{Text, Word};
use crate::words::{
    ABUSE, ABUSE_OF_YOU, ADJECTIVE, BURN, Classes, FICTION, FIND, FUTURE, HIT, JOKE, KILL, ME, NOT,
    OTHERS, YOU_OBJECT, YOU_SUBJECT,
};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abuse {
    pub threat: bool,
    pub rule: &'static str,
    /// 1 to 3.
    pub severity: u8,
    pub span: Span,
    pub confidence: u8,
    /// Whether it only hints at what may happen.
    weak: bool,
}

/// What the administrator changed.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub extra: Vec<String>,
    pub allow: Vec<String>,
}

/// All threats and insults of a text, in order.
#[must_use]
pub fn detect(folded: &Folded, words: &Words) -> Vec<Abuse> {
    let mut found = Search::new(folded, words, false).run();
    if let Some(joined) = drawn_together(folded) {
        for abuse in Search::new(&joined, words, true).run() {
            if !found.iter().any(|f| f.span.start < abuse.span.end && abuse.span.start < f.span.end)
            {
                found.push(abuse);
            }
        }
        found.sort_by_key(|abuse| abuse.span);
    }
    // Who says what he will do and hints at it besides threatens once.
    if found.iter().any(|abuse| abuse.threat && !abuse.weak) {
        found.retain(|abuse| !abuse.weak);
    }
    found
}

/// What a threat or an insult that is no phrase begins with.
const SPARKS: Classes = KILL | HIT | BURN | FIND | FUTURE | ABUSE | ABUSE_OF_YOU | ADJECTIVE;

/// Most words of one text that are looked at because something may begin with them.
const SPARKS_MAX: usize = 300;

struct Search<'a> {
    folded: &'a Folded,
    text: Text<'a>,
    words: &'a Words,
    drawn: bool,
    /// How many words more may be looked at.
    left: usize,
    /// Whether the text speaks of a game or a film, or says that it jokes.
    fiction: bool,
    /// Whether some word speaks to the reader; asked for once.
    tells: OnceCell<bool>,
    found: Vec<Abuse>,
    /// Past which word the last insult ends.
    last: Option<usize>,
}

/// A match: past which word it ends.
struct Match {
    from: usize,
    to: usize,
    rule: &'static str,
    severity: u8,
    /// Whether it only hints at what may happen.
    weak: bool,
}

impl<'a> Search<'a> {
    fn new(folded: &'a Folded, words: &'a Words, drawn: bool) -> Self {
        let text = Text::of(folded, drawn);
        let fiction = text.all & (FICTION | JOKE) != 0;
        Self {
            folded,
            text,
            words,
            drawn,
            left: SPARKS_MAX,
            fiction,
            tells: OnceCell::new(),
            found: Vec::new(),
            last: None,
        }
    }

    fn run(mut self) -> Vec<Abuse> {
        let mut i = 0;
        while let Some(word) = self.text.words.get(i) {
            let spark = word.is & SPARKS != 0 || !word.begins.is_empty() || self.extra(i);
            if word.quoted || !spark || self.left == 0 {
                i += 1;
                continue;
            }
            self.left -= 1;
            let threat = if self.fiction { None } else { self.threat(i) };
            if let Some(m) = threat {
                i = self.push(true, &m);
                continue;
            }
            if let Some(m) = self.insult(i) {
                i = self.push(false, &m);
                continue;
            }
            i += 1;
        }
        self.found
    }

    fn push(&mut self, threat: bool, m: &Match) -> usize {
        let (from, to) = if threat {
            self.threat_clause(m)
        } else if m.rule == "word" {
            (m.from, m.to)
        } else {
            self.insult_clause(m.from, m.to)
        };
        let m = &Match { from, to, ..*m };
        let goes_on = !threat
            && self.last.is_some_and(|last| last == from && !self.opens(from) || from < last);
        self.last = (!threat).then_some(to);
        let (Some(first), Some(last)) =
            (self.text.words.get(m.from), self.text.words.get(m.to - 1))
        else {
            return m.to;
        };
        let bent = self.drawn
            || self.text.words.get(m.from..m.to).unwrap_or_default().iter().any(|w| w.bent);
        let confidence = if bent { 92 } else { 88 };
        // Insults beside one another are one.
        if goes_on && let Some(before) = self.found.last_mut() {
            before.span.end = self.folded.original(first.start, last.end).end;
            return m.to.max(m.from + 1);
        }
        self.found.push(Abuse {
            threat,
            rule: m.rule,
            severity: m.severity,
            weak: m.weak && self.ends(m.to),
            span: self.folded.original(first.start, last.end),
            confidence: self.folded.surer(confidence, first.start, last.end),
        });
        m.to.max(m.from + 1)
    }

    fn word(&self, i: usize) -> Option<&Word> {
        self.text.words.get(i)
    }

    /// Whether word `i` is one of a row.
    #[inline(never)]
    fn one(&self, i: usize, row: &[u32]) -> bool {
        self.word(i).is_some_and(|word| row.contains(&word.digest))
    }

    fn is(&self, i: usize, class: Classes) -> bool {
        self.word(i).is_some_and(|w| w.is & class != 0)
    }

    fn before(&self, i: usize, n: usize, class: Classes) -> bool {
        i.checked_sub(n).is_some_and(|at| self.is(at, class))
    }

    fn spelled(&self, i: usize) -> &str {
        self.word(i).map_or("", |w| self.text.spelling(w))
    }

    /// Whether word `i` begins a sentence, or is past the end.
    fn opens(&self, i: usize) -> bool {
        self.word(i).is_none_or(|w| w.opens)
    }

    /// Whether a clause ends before word `i`.
    fn ends(&self, i: usize) -> bool {
        self.word(i).is_none_or(|w| w.opens || w.parted)
    }

    /// The first word of a class from `i` on, past at most `gap` others of the same sentence.
    fn next(&self, i: usize, gap: usize, class: Classes) -> Option<usize> {
        (i..=i + gap).take_while(|at| !self.opens(*at)).find(|at| self.is(*at, class))
    }

    /// Somebody's words are told: "он написал: ...".
    fn reported(&self, i: usize) -> bool {
        (1..=3).any(|n| {
            i.checked_sub(n).is_some_and(|at| {
                self.one(at, row!("сказал сказала написал написала кричал кричит пишет угрожал угрожает говорит said says wrote told threatened dit ecrit сказав написав каже пише"))
            })
        })
    }

    /// A phrase of the table that begins at word `i`.
    fn phrase(&self, i: usize, threat: bool) -> Option<Match> {
        let begins = self.word(i).filter(|word| !word.begins.is_empty())?.begins;
        let kind = |mark: u8| if threat { mark != b'-' } else { mark == b'-' };
        let (to, rest, mark) = phrases(begins, self.spelled(i + 1))
            .filter(|(mark, _)| kind(*mark))
            .filter_map(|(mark, rest)| Some((self.rest(i + 1, rest)?, rest, mark)))
            .max_by_key(|(to, ..)| *to)?;
        let (bare, weak) = (rest.is_empty(), mark == b'~');
        let wont = self.one(i.wrapping_sub(1), row!("t"))
            && self.one(i.wrapping_sub(2), row!("won don can didn wouldn isn aren doesn"));
        if wont
            || self.before(i, 1, NOT)
            || threat && self.reported(i)
            || !self.may_start(i, threat)
        {
            return None;
        }
        let ends = self.opens(to) || self.word(to).is_some_and(|w| w.parted);
        if threat && self.visits(i, to) {
            return None;
        }
        if bare && threat && !(ends && self.bare(i)) {
            return None;
        }
        if !threat && (self.reported(i) || self.meek(i, to)) {
            return None;
        }
        let (rule, severity) = if threat { ("menace", 3) } else { ("dismissal", 2) };
        Some(Match { from: i, to, rule, severity, weak })
    }

    /// Whether an English phrase stands where a sentence or a clause may begin, or behind who will do it.
    fn may_start(&self, i: usize, threat: bool) -> bool {
        if self.one(i, row!("won wont")) {
            return self.before(i, 1, YOU_SUBJECT);
        }
        if threat && self.one(i, row!("dead")) {
            return (1..=4).any(|n| self.before(i, n, YOU_SUBJECT));
        }
        let order = threat && self.one(i, row!("you u youll your ur"))
            || self.one(i, row!("get drop hang kill screw eat hope kiss piss shut go"));
        let verb = self.one(
            i,
            row!("make kick knock whip whoop beat ruin hunt track leak expose slit end run put"),
        );
        if !order && !verb || self.ends(i) {
            return true;
        }
        let to = usize::from(self.one(i.wrapping_sub(1), row!("to")));
        self.one(
            i.wrapping_sub(1),
            row!(
                "and or so then now else but just please you u go bitch dude man bro ok okay lol \
                 why dont hey because cause swear fucking"
            ),
        ) || verb
            && (self.before(i - to, 1, ME)
                || self.before(i - to, 1, FUTURE) && self.somebody_will(i.wrapping_sub(to + 1))
                || self.one(i.saturating_sub(1 + to), row!("coming")))
    }

    /// Whether somebody who knows where the reader lives comes with a parcel.
    fn visits(&self, from: usize, to: usize) -> bool {
        self.one(from, row!("know знаю знаем знаємо sais connais"))
            && (to..to + 6).any(|at| {
                self.one(
                at,
                row!(
                    "see drop bring deliver parcel pick leave near close завезу привезу доставлю \
                     занесу подвезу заберу заеду рядом недалеко passe passerai depose livre"
                ),
            )
            })
    }

    /// Whether a lone violent verb stands as a threat does: "ещё раз — убью".
    fn bare(&self, i: usize) -> bool {
        self.opens(i)
            || self.word(i).is_some_and(|w| w.parted)
            || self.before(i, 1, ME | YOU_OBJECT | OTHERS)
            || self.one(i.wrapping_sub(1), row!("точно просто то и всех обязательно"))
    }

    /// Past the rest of a phrase, matched from word `i` on.
    fn rest(&self, i: usize, rest: &[u8]) -> Option<usize> {
        if rest.is_empty() {
            return Some(i);
        }
        let end = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let (element, more) = (rest.get(..end)?, rest.get(end + 1..).unwrap_or_default());
        let (choice, optional) = element.strip_suffix(b"?").map_or((element, false), |e| (e, true));
        if choice == b"$" {
            return if self.ends(i) { self.rest(i, more) } else { None };
        }
        if !self.opens(i) {
            let any = choice == b"_" && !self.is(i, NOT);
            if (any || chosen(choice, self.spelled(i)))
                && let Some(to) = self.rest(i + 1, more)
            {
                return Some(to);
            }
        }
        if optional { self.rest(i, more) } else { None }
    }
}

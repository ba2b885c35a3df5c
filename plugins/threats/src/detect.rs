//! Threats and insults among the words of a text: what is promised to whom, what somebody is called.

mod company;
mod span;

use parlour_guest::scan::{Token, draw_together};
use parlour_guest::{Folded, Span};

use company::{FAMILY, HUNTED};

use crate::phrases::{chosen, phrases};
use crate::table::row;
use crate::text::{Text, Word};
use crate::words::{
    ABUSE, ABUSE_OF_YOU, ADJECTIVE, BODY, BURN, Classes, FICTION, FILLER, FIND, FUTURE, HIT, JOKE,
    KILL, KILL_LATER, ME, NOT, OTHERS, THING, YOU_OBJECT, YOU_SUBJECT, YOUR,
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
    let tokens = folded.tokens();
    let mut found = Search::new(folded, &tokens, words, false).run();
    if let Some(joined) = draw_together(folded, &tokens) {
        for abuse in Search::new(&joined, &joined.tokens(), words, true).run() {
            if !found.iter().any(|f| f.span.start < abuse.span.end && abuse.span.start < f.span.end)
            {
                found.push(abuse);
            }
        }
        found.sort_by_key(|abuse| abuse.span);
    }
    found
}

/// What a threat or an insult that is no phrase begins with.
const SPARKS: Classes = KILL
    | HIT
    | BURN
    | FIND
    | FUTURE
    | YOU_OBJECT
    | YOUR
    | BODY
    | THING
    | ABUSE
    | ABUSE_OF_YOU
    | ADJECTIVE;

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
}

impl<'a> Search<'a> {
    fn new(folded: &'a Folded, tokens: &[Token<'a>], words: &'a Words, drawn: bool) -> Self {
        let text = Text::of(folded, tokens, drawn);
        let fiction = text.words.iter().any(|w| w.is & (FICTION | JOKE) != 0);
        Self {
            folded,
            text,
            words,
            drawn,
            left: SPARKS_MAX,
            fiction,
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
            self.threat_clause(m.from, m.to)
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
        self.word(i).is_some_and(|word| row.contains(&word.hash))
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

    /// The first word of a class from `i` on, past at most `gap` others of the same sentence.
    fn next(&self, i: usize, gap: usize, class: Classes) -> Option<usize> {
        (i..=i + gap).take_while(|at| !self.opens(*at)).find(|at| self.is(*at, class))
    }

    fn threat(&self, i: usize) -> Option<Match> {
        if let Some(m) = self.phrase(i, true) {
            return Some(m);
        }
        let word = self.word(i)?;
        let verb = KILL | HIT | BURN | FIND | FUTURE;
        let found = if word.is & verb != 0 {
            self.promise(i)
        } else if word.is & (YOU_OBJECT | YOUR | BODY | THING) != 0 {
            self.promise_after_object(i)
        } else {
            None
        };
        found.filter(|m| !self.before(m.from, 1, NOT) && !self.reported(m.from))
    }

    /// A promise that begins with its verb.
    fn promise(&self, i: usize) -> Option<Match> {
        let is = |class: Classes| self.is(i, class);
        let next = |from: usize, gap: usize, class: Classes| self.next(from, gap, class);
        let to =
            |to: usize, rule: &'static str| Some(Match { from: i, to: to + 1, rule, severity: 3 });
        if is(KILL)
            && let Some(you) = next(i + 1, 2, YOU_OBJECT)
            && !self.harmless_object(i, you)
            && !self.one(i.wrapping_sub(1), row!("me"))
        {
            return to(you, "violence");
        }
        if is(KILL)
            && let Some(noun) = next(i + 1, 1, ABUSE)
        {
            return to(noun, "violence");
        }
        if is(HIT)
            && let Some(you) = next(i + 1, 1, YOU_OBJECT | YOUR)
            && let Some(body) = next(you + 1, 2, BODY)
        {
            return to(body, "violence");
        }
        if is(HIT)
            && let Some(body) = next(i + 1, 1, BODY)
            && next(body + 1, 0, YOU_OBJECT).is_some()
        {
            return to(body + 1, "violence");
        }
        if is(BURN)
            && let Some(thing) = next(i + 1, 3, THING)
        {
            return to(thing, "arson");
        }
        if is(KILL | BURN)
            && let Some(your) = next(i + 1, 1, YOUR)
        {
            if let Some(thing) = next(your + 1, 2, THING) {
                return to(thing, "arson");
            }
            if is(KILL) && self.one(your + 1, FAMILY) {
                return to(your + 1, "violence");
            }
        }
        if is(FIND)
            && let Some(kill) = next(i + 1, 3, KILL | HIT)
            && (i + 1..kill).all(|at| {
                self.is(at, YOU_OBJECT | OTHERS | FILLER) || self.one(at, row!("і та and то где и"))
            })
        {
            let end = next(kill + 1, 2, YOU_OBJECT | BODY).unwrap_or(kill);
            return to(end, "violence");
        }
        if is(FIND) && self.one(i + 1, row!("тебе")) && self.opens(i + 2) {
            return to(i + 1, "violence");
        }
        if is(FIND) && self.one(i + 1, row!("тебя")) && self.sure(i + 2) {
            return to(i + 1, "violence");
        }
        if is(FUTURE)
            && let Some(kill) = next(i + 1, 2, KILL_LATER)
                .or_else(|| next(i + 1, 6, KILL_LATER).filter(|_| self.one(i + 1, HUNTED)))
        {
            return self.promise_later(i, kill);
        }
        None
    }

    /// Whether what follows "I will find you" is no meeting point.
    fn sure(&self, i: usize) -> bool {
        self.opens(i) && !self.before(i, 4, ME)
            || self.one(i, row!("из где везде все хоть сука гад урод мразь и"))
    }

    /// Whether a clause ends before word `i`.
    fn ends(&self, i: usize) -> bool {
        self.opens(i) || self.word(i).is_some_and(|w| w.parted)
    }

    /// Whether "I will find you" ends a clause: no place to meet is told.
    fn found_alone(&self, find: usize) -> bool {
        self.ends(find + 1) && self.one(find, row!("знайду знайдемо дістану вирахую найду найдем"))
    }

    /// "Will kill you", "vais te tuer", "gonna break your legs".
    fn promise_later(&self, i: usize, kill: usize) -> Option<Match> {
        let thing = self.one(i.wrapping_sub(1), row!("fight it stress heat cold work"));
        if thing || (i..kill).any(|at| self.is(at, NOT)) || self.before(i, 1, YOU_SUBJECT | NOT) {
            return None;
        }
        let french = (i..kill).any(|at| self.one(at, row!("te vous t")));
        let from = if self.before(i, 1, ME) { i - 1 } else { i };
        let to = |to: usize| Some(Match { from, to, rule: "violence", severity: 3 });
        if french && !self.one(kill, row!("casser eclater peter crever")) {
            return to(kill + 1);
        }
        let object = kill + 1;
        let weak = self.one(
            kill,
            row!(
                "shoot beat hit cut crush destroy break hang end hook smash burn knock slash punch"
            ),
        );
        if self.one(object, row!("you u ya")) {
            let harmless = self
                .one(object + 1, row!("a an the over some my at to by off in on down with up if"));
            return (!(weak && harmless)).then_some(()).and_then(|()| to(object + 1));
        }
        let object = object + usize::from(self.one(object, row!("both all every")));
        if self.is(object, YOUR)
            && let Some(part) = self.next(object + 1, 1, BODY | THING)
        {
            return to(part + 1);
        }
        if self.is(object, YOUR) && !weak && self.one(object + 1, FAMILY) {
            return to(object + 2);
        }
        if french && let Some(part) = self.next(kill + 1, 2, BODY) {
            return to(part + 1);
        }
        None
    }

    /// "Тебя я убью", "ноги переломаю", "машину твою сожгу".
    fn promise_after_object(&self, i: usize) -> Option<Match> {
        let to =
            |to: usize, rule: &'static str| Some(Match { from: i, to: to + 1, rule, severity: 3 });
        if self.is(i, YOU_OBJECT)
            && let Some(kill) = self.next(i + 1, 2, KILL)
        {
            let gifts = self.one(kill + 2, row!("подарках цветах комплиментах подарунках"));
            return (!gifts && !self.one(kill + 1, HARMLESS))
                .then_some(())
                .and_then(|()| to(kill, "violence"));
        }
        if self.is(i, YOU_OBJECT | YOUR)
            && let Some(hit) = self.next(i + 1, 2, HIT)
            && let Some(body) = self.next(hit + 1, 1, BODY)
        {
            return to(body, "violence");
        }
        if self.is(i, YOU_OBJECT | YOUR)
            && let Some(body) = self.next(i + 1, 2, BODY)
            && let Some(hit) = self.next(body + 1, 1, HIT)
        {
            return to(hit, "violence");
        }
        if self.is(i, BODY)
            && !self.spelled(i).starts_with("зуб")
            && let Some(hit) = self.next(i + 1, 1, HIT)
            && (self.opens(hit + 1)
                || self.word(hit + 1).is_some_and(|w| w.parted)
                || self.is(hit + 1, YOU_OBJECT)
                || hit > i + 1 && self.is(i + 1, YOU_OBJECT | YOUR))
        {
            return to(hit, "violence");
        }
        if self.is(i, YOUR)
            && let Some(thing) = self.next(i + 1, 1, THING)
            && let Some(burn) = self.next(thing + 1, 1, BURN)
        {
            return to(burn, "arson");
        }
        if self.is(i, THING)
            && let Some(burn) = self.next(i + 1, 3, BURN)
            && ((i + 1..burn).any(|at| self.is(at, YOU_OBJECT | YOUR))
                || burn == i + 1 && self.ends(burn + 1))
        {
            return to(burn, "arson");
        }
        if self.is(i, YOU_OBJECT)
            && let Some(find) = self.next(i + 1, 2, FIND)
            && let Some(kill) = self.next(find + 1, 2, KILL | HIT)
        {
            return to(kill, "violence");
        }
        if self.one(i, row!("тебя тебе"))
            && let Some(find) = self.next(i + 1, 1, FIND)
            && (self.sure(find + 1) || self.found_alone(find))
            && !self.is(find + 1, ME)
        {
            return to(find, "violence");
        }
        None
    }

    /// "Порву с вами договор", "уничтожу вам накипь".
    fn harmless_object(&self, verb: usize, you: usize) -> bool {
        (self.one(you, row!("вам тобой"))
            || (verb + 1..you).any(|at| self.one(at, row!("с для за у про о"))))
            || self.one(you + 1, HARMLESS)
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
        let (to, bare) = phrases(begins, self.spelled(i + 1))
            .filter(|(is, _)| *is == threat)
            .filter_map(|(_, rest)| Some((self.rest(i + 1, rest)?, rest.is_empty())))
            .max()?;
        let wont = self.one(i.wrapping_sub(1), row!("t"))
            && self.one(i.wrapping_sub(2), row!("won don can didn wouldn isn aren doesn"));
        if wont || self.before(i, 1, NOT) || threat && self.reported(i) {
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
        Some(Match { from: i, to, rule, severity })
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

/// What is killed, broken or torn without harm: time, prices, contracts.
const HARMLESS: &[u32] = row!(
    "время час договор контракт цену цены ценой скидку скидкой скидками накипь мозг аргументами логикой фактами вопросами любовью ценами тату татуировку яму шаблон отношения"
);

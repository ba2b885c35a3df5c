//! How far a threat or an insult reaches: the clause that carries it, and no innocent one beside it.

use super::{Match, Search};
use crate::table::row;
use crate::words::{
    ABUSE, ABUSE_OF_YOU, ADJECTIVE, BE, COME, Classes, FILLER, FIND, FUTURE, GANG, LIKE, ME, NOT,
    OTHERS, THIS, YOU_OBJECT, YOU_SUBJECT, YOUR,
};

/// Most words on either side.
const WORDS_MAX: usize = 8;

/// What may stand before a verb that threatens.
const PART: Classes =
    ME | FUTURE | YOU_SUBJECT | YOU_OBJECT | YOUR | FILLER | OTHERS | BE | FIND | COME | GANG;

impl Search<'_> {
    /// Whether a clause goes on from word `at - 1` to word `at`.
    pub(super) fn joined(&self, at: usize) -> bool {
        self.word(at).is_some_and(|w| !w.opens && !w.parted && !w.quoted)
    }

    /// From who is called so to what he is called: "ты полный ...", "... like you", "какая же ты ...".
    pub(super) fn insult_clause(&self, from: usize, to: usize) -> (usize, usize) {
        (self.insult_from(from), self.insult_to(to))
    }

    fn insult_from(&self, from: usize) -> usize {
        const UNKNOWN_MAX: usize = 1;
        let (mut best, mut at, mut unknown, mut you) = (from, from, 0, false);
        while let Some(b) = at.checked_sub(1).filter(|_| from - at < WORDS_MAX) {
            // "You, idiot".
            if !(self.joined(at) || at == from && self.parted_you(at)) {
                break;
            }
            let subject = self.is(b, YOU_SUBJECT) && !self.one(b, row!("ll"));
            if subject
                && (!self.is(b, FUTURE) || self.is(at, BE) || self.one(at, row!("etes n")))
            {
                (best, you) = (b, true);
            } else if self.one(b, row!("какая какой какие же яка який які ж ну и ах ох ой от what quelle quel quels what")) || self.one(b, row!("a an the un une des d espece bande tas such")) && !you
                || self.is(b, ADJECTIVE | BE) && !you
                || you && at == best && self.one(b, row!("are es etes est"))
            {
                best = b;
            } else if you || !self.is(b, FILLER | THIS | NOT) {
                unknown += 1;
                if you || unknown > UNKNOWN_MAX {
                    break;
                }
            }
            at = b;
        }
        // A word that only joins clauses is no part of one.
        while best < from && self.one(best, row!("и же ж the")) {
            best += 1;
        }
        best
    }

    /// Whether a word for who is spoken to stands right before word `at`, and a comma between.
    fn parted_you(&self, at: usize) -> bool {
        self.before(at, 1, YOU_SUBJECT)
            && !self.opens(at)
            && (self.opens(at - 1) || self.word(at - 1).is_some_and(|w| w.parted))
    }

    fn insult_to(&self, to: usize) -> usize {
        let mut to = to;
        to += usize::from(self.joined(to) && self.is(to, BE) && self.before(to, 1, YOU_SUBJECT));
        let like = usize::from(self.joined(to) && self.one(to, row!("же ж")));
        let you = to + like;
        if self.joined(you) && self.is(you, YOU_SUBJECT) && !self.is(you, FUTURE) {
            let be = usize::from(
                self.joined(you + 1)
                    && (self.is(you + 1, BE) || self.one(you + 1, row!("fais etes"))),
            );
            let next = you + 1 + be;
            if self.ends(next) || be == 1 || self.one(next, row!("а не и")) {
                to = next;
            } else if self.ends(next + 1) {
                to = next + 1;
            }
        }
        // An adjective that a plain noun follows, "disgusting human being", "piece of garbage".
        if self.joined(to)
            && self.one(to, row!("human person man woman seller waste piece excuse sack человек люди мужик баба тип тварь type \
                 individu homme femme vendeur vendeuse людина продавец продавщица"))
        {
            to += 1;
            let of = usize::from(self.joined(to) && self.one(to, row!("of de d")));
            if self.joined(to + of) && (of == 1 || self.one(to, row!("being"))) {
                to += of + 1;
            }
        }
        // "... like you", "... как ты".
        let likened = self.is(to, LIKE) || self.one(to, row!("вроде типа"));
        if likened && !self.opens(to) && self.is(to + 1, YOU_SUBJECT | YOU_OBJECT) {
            to += 2;
        }
        // "... and a thief".
        if self.joined(to) && self.one(to, row!("и та й і et and")) {
            let noun = self.next(to + 1, 2, ABUSE | ABUSE_OF_YOU | ADJECTIVE);
            let between = |n: &usize| (to + 1..*n).all(|at| self.is(at, FILLER | ADJECTIVE));
            if let Some(noun) = noun.filter(between).filter(|_| self.joined(to + 1)) {
                to = noun + 1;
            }
        }
        // "... ходячее", "... хренов".
        if self.joined(to) && self.ends(to + 1) && looks(self.spelled(to)) {
            to += 1;
        }
        self.compared(to)
    }

    /// Past what completes an insult to the end of its clause: "... than a bag of rocks", "... на всю голову".
    fn compared(&self, to: usize) -> usize {
        const COMPLEMENT_MAX: usize = 6;
        const BEGIN: &[u32] = row!(
            "than as of как як с на всю из із без від от de d comme ба бе ма уже \
                             вже already donc"
        );
        let or = self.one(to, row!("or чи или"))
            && self.one(to + 1, row!("what как як шо що что ні нет"));
        let begins = or || self.one(to, BEGIN) || self.one(to - 1, BEGIN);
        if !begins || !self.joined(to) {
            return to;
        }
        let end = (to + 1..to + 1 + COMPLEMENT_MAX).find(|at| self.ends(*at));
        end.unwrap_or(to)
    }

    /// The clause of a threat: who will do it, when, to whom.
    pub(super) fn threat_clause(&self, m: &Match) -> (usize, usize) {
        let Match { from, to, weak, .. } = *m;
        let mut at = from;
        while let Some(b) = at.checked_sub(1).filter(|_| from - at < WORDS_MAX) {
            let contracted = self.one(at, row!("ll m re d ve")) || self.before(at, 1, ME);
            let open = self.word(at).is_none_or(|w| w.opens || w.quoted || w.parted && !contracted);
            let mine = self.one(b, row!("у в")) && self.one(at, row!("меня мене"));
            let part = mine
                || self.is(b, PART)
                || self.one(
                    b,
                    row!(
                        "завтра сегодня сьогодні вечером ночью ввечері вночі скоро следующий раз сам лично а \
                         то бо ll m d im i to and и та і et my friends next time tonight мои мої \
                         мной мене меня swear jure que j с з со із with"
                    ),
                );
            let seen = self.is(at, ME) && self.one(b, row!("you u"));
            if open || seen || !part {
                break;
            }
            at = b;
        }
        while at < from && self.one(at, row!("и та і et and ну же просто")) {
            at += 1;
        }
        let mut end = to;
        let when = row!("when quand когда коли вместе разом");
        while end < to + 8
            && self.joined(end)
            && !self.reason(end)
            && (weak || !self.one(end, when) || self.is(end + 2, YOU_OBJECT | YOUR))
        {
            end += 1;
        }
        (at, end)
    }

    /// Whether a word begins what the threat depends on: "если ...", "за ...".
    fn reason(&self, at: usize) -> bool {
        self.one(at, row!("если якщо коли if si за unless потому пока поки поэтому until because so but but но але \
             mais слышишь понял понятно чуешь ясно compris or ou или або а чтобы щоб"))
    }
}

/// Whether a Russian or Ukrainian word looks like an adjective.
fn looks(word: &str) -> bool {
    const ENDINGS: &[&str] =
        &["ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие", "ов", "ова", "ена"];
    word.len() > 8 && ENDINGS.iter().any(|e| word.ends_with(e))
}

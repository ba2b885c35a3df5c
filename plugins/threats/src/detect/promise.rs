//! Promises of violence and arson that are no phrases: a verb and, on either side of it in its sentence,
//! whom or what it hits.

use super::company::{FAMILY, HUNTED};
use super::{Match, Search};
use crate::table::row;
use crate::words::{
    ABUSE, BODY, BURN, Classes, FILLER, FIND, FUTURE, HIT, KILL, KILL_LATER, ME, NOT, OTHERS,
    THING, YOU_OBJECT, YOU_SUBJECT, YOUR,
};

/// How many words may stand between a verb and its object.
const BETWEEN_MAX: usize = 3;

/// Who is spoken to, said to somebody whom one does not respect.
const THEE: &[u32] = row!("тебя тебе тебье тобі тя te you u ya твою твой твої твоє твой твои");

/// Makes a Russian or Ukrainian infinitive a promise.
const WILL: &[u32] = row!("буду будем будут будемо будуть");

impl Search<'_> {
    pub(super) fn threat(&self, i: usize) -> Option<Match> {
        if let Some(m) = self.phrase(i, true) {
            return Some(m);
        }
        if !self.is(i, KILL | HIT | BURN | FIND | FUTURE) {
            return None;
        }
        self.promise(i).filter(|m| !self.before(m.from, 1, NOT) && !self.reported(m.from))
    }

    /// The nearest word of a class on either side of word `i` in its sentence; those behind it first.
    fn near(&self, i: usize, class: Classes) -> Option<usize> {
        self.next(i + 1, BETWEEN_MAX, class).or_else(|| {
            let back = (1..=BETWEEN_MAX + 1).map_while(|n| i.checked_sub(n));
            let mut same = back.take_while(|at| !self.opens(at + 1));
            same.find(|at| self.is(*at, class))
        })
    }

    /// A promise whose verb is word `i`.
    fn promise(&self, i: usize) -> Option<Match> {
        let found = if self.is(i, KILL | HIT | BURN) { self.promise_to_hurt(i) } else { None };
        if found.is_some() {
            return found;
        }
        if self.is(i, FIND) {
            return self.promise_to_find(i);
        }
        if !self.is(i, FUTURE) {
            return None;
        }
        let kill = self.next(i + 1, 2, KILL_LATER);
        if self.one(i, WILL) {
            let (kill, you) = (kill?, self.near(i, YOU_OBJECT | YOUR)?);
            let (from, to) = (i.min(you), kill.max(you) + 1);
            return self.one(you, THEE).then_some(Match {
                from,
                to,
                rule: "violence",
                severity: 3,
                weak: false,
            });
        }
        let hunted = || self.one(i + 1, HUNTED) || self.one(i + 2, HUNTED);
        let kill = kill.or_else(|| self.next(i + 1, 6, KILL_LATER).filter(|_| hunted()))?;
        if self.somebody_will(i) { self.promise_later(i, kill) } else { None }
    }

    /// A promise whose verb hits somebody or something by itself.
    fn promise_to_hurt(&self, i: usize) -> Option<Match> {
        let is = |class: Classes| self.is(i, class);
        let next = |from: usize, gap: usize, class: Classes| self.next(from, gap, class);
        let over = |others: &[usize], rule: &'static str| {
            let from = others.iter().fold(i, |from, at| from.min(*at));
            let to = others.iter().fold(i, |to, at| to.max(*at)) + 1;
            Some(Match { from, to, rule, severity: 3, weak: false })
        };
        // Others do it.
        let they = self.spelled(i).ends_with('т');
        let you = self.near(i, YOU_OBJECT | YOUR).filter(|at| !they || self.one(*at, THEE));
        if is(KILL)
            && let Some(you) = you.filter(|at| self.is(*at, YOU_OBJECT))
            && !self.harmless_object(i, you)
            && !self.one(i.wrapping_sub(1), row!("me"))
        {
            return over(&[you], "violence");
        }
        if is(KILL)
            && let Some(noun) = next(i + 1, 1, ABUSE)
        {
            return over(&[noun], "violence");
        }
        if is(HIT)
            && let Some(body) = self.near(i, BODY)
        {
            let teeth = self.spelled(body).starts_with("зуб");
            let polite = |you: usize| teeth && self.one(you, row!("вам вас ваш ваши"));
            if let Some(you) = you.filter(|you| !polite(*you)) {
                return over(&[you, body], "violence");
            }
            if body + 2 >= i && body < i && !teeth && !they && self.ends(i + 1) {
                return over(&[body], "violence");
            }
        }
        if is(BURN | KILL)
            && let Some(thing) = self.near(i, THING)
        {
            let alone = is(BURN) && (thing > i || thing + 1 == i && self.ends(i + 1)) && !they;
            if let Some(your) = you.filter(|_| is(BURN)) {
                return over(&[your, thing], "arson");
            }
            if let Some(your) = you.filter(|at| self.is(*at, YOUR)) {
                return over(&[your, thing], "arson");
            }
            if alone {
                return over(&[thing], "arson");
            }
        }
        if is(KILL)
            && let Some(your) = next(i + 1, 1, YOUR)
            && self.one(your + 1, FAMILY)
        {
            return over(&[your + 1], "violence");
        }
        None
    }

    /// Whether it is a man who will do it: "I'll", "my boys will", "gonna", never "journalism will".
    pub(super) fn somebody_will(&self, i: usize) -> bool {
        self.ends(i)
            || !self.one(i, row!("will ll must shall"))
            || self.before(i, 1, ME | YOU_SUBJECT)
            || self.one(
                i.wrapping_sub(1),
                row!(
                    "guys boys bros brothers brother friends friend people cousin cousins crew men \
                     lads lad mates mate dad husband son uncle somebody someone and or d"
                ),
            )
    }

    /// "Найду и убью", "тебя из-под земли достану".
    fn promise_to_find(&self, i: usize) -> Option<Match> {
        let over = |from, to| Some(Match { from, to, rule: "violence", severity: 3, weak: false });
        if let Some(kill) = self.next(i + 1, 3, KILL | HIT)
            && (i + 1..kill).all(|at| {
                self.is(at, YOU_OBJECT | OTHERS | FILLER | BODY)
                    || self.one(at, row!("і та and то где и"))
            })
        {
            let end = self.next(kill + 1, 2, YOU_OBJECT | BODY).unwrap_or(kill);
            return over(i, end + 1);
        }
        if self.one(i + 1, row!("тебе")) && self.opens(i + 2)
            || self.one(i + 1, row!("тебя")) && self.sure(i + 2)
        {
            return over(i, i + 2);
        }
        let you = (1..=2).filter_map(|n| i.checked_sub(n)).find(|at| {
            self.one(*at, row!("тебя тебе")) && (at + 1..=i).all(|between| !self.opens(between))
        })?;
        ((self.sure(i + 1) || self.found_alone(i)) && !self.is(i + 1, ME))
            .then_some(())
            .and_then(|()| over(you, i + 1))
    }

    /// Whether what follows "I will find you" is no meeting point.
    fn sure(&self, i: usize) -> bool {
        self.opens(i) && !self.before(i, 4, ME)
            || self.one(i, row!("из где везде все хоть сука гад урод мразь и"))
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
        let to = |to: usize| Some(Match { from, to, rule: "violence", severity: 3, weak: false });
        if french && (self.ends(kill + 1) || !self.one(kill, row!("casser eclater peter crever"))) {
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

    /// "Порву с вами договор", "уничтожу вам накипь", "закопаю тебя в подарках".
    fn harmless_object(&self, verb: usize, you: usize) -> bool {
        let between = verb.min(you) + 1..verb.max(you);
        let last = verb.max(you);
        self.one(you, row!("вам тобой"))
            || between.into_iter().any(|at| self.one(at, row!("с для за у про о")))
            || self.one(you + 1, HARMLESS)
            || self.one(verb + 1, HARMLESS)
            || self.one(last + 2, row!("подарках цветах комплиментах подарунках"))
    }
}

/// What is killed, broken or torn without harm: time, prices, contracts.
const HARMLESS: &[u32] = row!(
    "время час договор контракт цену цены ценой скидку скидкой скидками накипь мозг аргументами логикой фактами вопросами любовью ценами тату татуировку яму шаблон отношения"
);

//! What stands for an `@` where only the name before it tells so: any mark, and words that mean much else.
//! Knows tokens and hosts.

use super::atless::stem;
use super::local::odd;
use super::words::{AT_SIGNS, DOGS, LEADS, NOT_LOCAL, PROVIDERS};
use crate::host::{self, Dots};
use crate::list::{Row, one_of};
use crate::scan::{Kind, Token, Words};

/// Names of the mailboxes of firms.
static OFFICES: Row = Row::of(
    "accounts admin bonjour booking bookings contact devis director hello hi hr info jobs mail \
     office order orders quotes reservation sales studio support team zakaz zakazy zamovlennya",
);

/// Whether the mark at token `n`, with white space on both sides or none, stands for an `@` between a name
/// and a host: `contact 🌀 shop 🔹 fr`, `почта: zakaz # shop.ru`, `zakaz*shop.ru`.
#[must_use]
pub fn apart_at(tokens: &[Token<'_>], n: usize) -> bool {
    let mark = crate::scan::text(tokens, n);
    let gaps = crate::scan::gap(tokens, n + 1);
    if is_swapped(tokens, n) {
        return true;
    }
    let known = if mark.is_ascii() {
        matches!(mark, "*" | "^" | "~" | "$") || gaps && matches!(mark, "#" | "&" | "%" | "=")
    } else {
        gaps && !one_of("— – • · « » … → ⇒ ▶ ➡ 👉 👇 🔗 🌐", mark)
    };
    let to = n.wrapping_sub(usize::from(gaps));
    if !known || gaps != crate::scan::gap(tokens, n.wrapping_sub(1)) {
        return false;
    }
    let from = stem(tokens, to);
    let written = tokens.get(from..to).unwrap_or_default();
    let first = crate::scan::text(tokens, from);
    let ascii = |t: &Token<'_>| t.text.is_ascii();
    let word = first != "contact" && NOT_LOCAL.contains(first);
    if written.is_empty() || word || !written.iter().all(ascii) {
        return false;
    }
    let before = tokens.get(..from).unwrap_or_default().iter().rev();
    let mut words = before.filter(|t| t.kind == Kind::Word).take(2);
    let sign = AT_SIGNS.contains(mark) || DOGS.contains(mark);
    let led = words.clone().any(|t| LEADS.contains(t.text));
    let named = !(gaps && mark.is_ascii()) && (odd(written) || OFFICES.contains(first));
    let alone = sign && !matches!(mark, "©" | "®") && words.next().is_none_or(|t| !ascii(t));
    let told = |host: host::Host| match host.dots {
        Dots::Loose => false,
        Dots::Plain if gaps => sign || led,
        Dots::Plain => host::is_sure(crate::scan::behind(&host.name, b'.')),
        _ => gaps,
    };
    let host = n + 1 + usize::from(gaps);
    (led || named || alone) && host::read(tokens, host).is_some_and(told)
}

/// Whether the mark at token `n` stands in the place of an `@` of which the text tells that it is to be put
/// there: `yuri#shop.org, # is @`, `anna-gmail.com, вместо тире собака`.
fn is_swapped(tokens: &[Token<'_>], n: usize) -> bool {
    const NEAR: usize = 16;
    let text = |n: usize| crate::scan::text(tokens, n);
    let (mark, gap) = (text(n), usize::from(crate::scan::gap(tokens, n + 1)));
    let host = n + 1 + gap;
    let joint = matches!(mark, "-" | "_");
    let fits =
        matches!(mark, "#" | "&" | "%" | "+" | "/" | "!" | "*" | "$" | ";" | "|" | "~" | "^")
            || joint && gap == 0 && PROVIDERS.holds(tokens, host);
    let name = n.wrapping_sub(1 + gap);
    if !fits
        || !matches!(text(host + 1), "." | "-")
        || joint && !host::is_sure(text(host + 2))
        || !tokens.get(name).is_some_and(|t| t.is_solid() && t.text.is_ascii())
    {
        return false;
    }
    let near = tokens.get(name.saturating_sub(NEAR)..).unwrap_or_default();
    let near = near.get(..3 * NEAR).unwrap_or(near);
    let dog = |t: &Token<'_>| t.is("@") || is_dog(t.text);
    let swap = |t: &Token<'_>| {
        // Most words begin otherwise.
        let may = match t.text.as_bytes() {
            [0xd0, second, ..] => matches!(second, 0xb2 | 0xb7 | 0xbc | 0xbf),
            [0xd1, second, ..] => matches!(second, 0x86 | 0x8d),
            [first, ..] => matches!(first, b'=' | b'i' | b'm' | b's' | b'r'),
            [] => false,
        };
        may && Words::of(SWAPS).any(|word| t.text.starts_with(word))
    };
    near.iter().any(dog) && near.iter().any(swap) && host::read(tokens, host).is_some()
}

/// Beginnings of words that tell what a mark is to be replaced by.
const SWAPS: &str =
    "= is mean swap repl instea rempl вмест замен помен меня знач это заміс замін помін це";

/// Whether a word says the `@` itself and is not told of anything else.
#[must_use]
pub fn is_dog(word: &str) -> bool {
    one_of("собака собаки собаку собакой собачка собачку arobase равлик равлика", word)
}

/// Whether the words `from..to` before an ambiguous word for an `@`, with an unknown domain behind it, are
/// the name of a mailbox: not a word as any other, or announced.
#[must_use]
pub fn names_box(tokens: &[Token<'_>], from: usize, to: usize) -> bool {
    let written = tokens.get(from..to).unwrap_or_default();
    let first = crate::scan::text(tokens, from);
    let before = tokens.get(..from).unwrap_or_default().iter().rev();
    let mut words = before.filter(|t| t.kind == Kind::Word).take(4);
    odd(written)
        || !first.is_ascii()
        || OFFICES.contains(first)
        || words.clone().next().is_none()
        || words.any(|t| LEADS.contains(t.text) || one_of("write contact пишите пиши me à", t.text))
}

#[cfg(test)]
mod tests {
    use crate::Folded;
    use crate::mailbox::detect_all;

    #[test]
    fn any_mark_between_a_name_and_a_host() {
        for (text, expected) in [
            ("à contact 🌀 oak-doors 🔹 fr", "contact 🌀 oak-doors 🔹 fr"),
            ("почта zakaz # oak-doors.ru", "zakaz # oak-doors.ru"),
            ("zakaz*oak-doors.ru это почта", "zakaz*oak-doors.ru"),
            ("best at bookings 📧 oakdoors.com", "bookings 📧 oakdoors.com"),
            ("julie.b 🔄 cuir-et-lin . fr", "julie.b 🔄 cuir-et-lin . fr"),
            ("info © oakdoors dot com", "info © oakdoors dot com"),
            ("info🌀oak-doors🔹design", "info🌀oak-doors🔹design"),
            ("пошта: anna 🌀 oakdoors . com", "anna 🌀 oakdoors . com"),
            ("anna#oak-doors.com, replace # with @", "anna#oak-doors.com"),
            ("тире это собака: anna-gmail.com", "anna-gmail.com"),
            ("anna / i.ua замість слеша равлик", "anna / i.ua"),
            ("écrivez à anna at oak point fr", "anna at oak point fr"),
        ] {
            let found = detect_all(&Folded::plain(text));
            let spans: Vec<_> =
                found.iter().map(|a| &text[a.span.start as usize..a.span.end as usize]).collect();
            assert_eq!(spans, [expected], "{text}");
        }
        for text in [
            "sales © 2024. design by us",
            "copyright © oakdoors.com",
            "new shop 🎉 oakdoors ⚫ com",
            "visit 🌀 oakdoors 🔹 com",
            "info & prices oakdoors.com",
            "hot deals # oakdoors.com",
            "site.com/page_1#sec.info",
            "kate.b 👉 oakdoors dot com",
            "oak55*com*ua",
            "корм/zoo.com, собака это любит",
            "a-gmail.com",
            "oak-doors*dot*ru",
        ] {
            assert_eq!(detect_all(&Folded::plain(text)), [], "{text}");
        }
    }
}

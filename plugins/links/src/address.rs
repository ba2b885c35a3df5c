//! Whether a host is only a part of an e-mail address, plain or disguised, by what stands beside it. The
//! plugin for addresses reads these whole.

use parlour_guest::host::{self, Dots, Host};
use parlour_guest::list::{Row, one_of};
use parlour_guest::mailbox::{
    self, AT, AT_SIGNS, DOGS, GLUED, NOT_LOCAL, PROVIDERS, SURE_PROVIDERS,
};
use parlour_guest::scan::{self, Kind, Token, cut, gap, text};

use crate::known;

/// Hosts that people name as the end of an address.
static MAIL_HOSTS: Row = Row::of(
    "aol.com bk.ru free.fr gmail.com gmail.ком gmx.com gmx.net googlemail.com hotmail.co.uk \
     hotmail.com hotmail.fr i.ua icloud.com inbox.ru laposte.net list.ru live.com mail.ru \
     meta.ua orange.fr outlook.com outlook.fr proton.me protonmail.com rambler.ru sfr.fr \
     ukr.net wanadoo.fr ya.ru yahoo.co.uk yahoo.com yahoo.fr yandex.ru гмейл.com гмейл.ком \
     майл.ru майл.ру мейл.ru мейл.ру мэйл.ru мэйл.ру яндекс.ru яндекс.ру",
);

/// Second words of what is said for an `@`: `at sign`, `a commercial`, `а с хвостиком`.
const SECONDS: &str = "circle commercial robase rond sign symbol tail кружочке морда собаки собачки хвостиком \
     хвостом";

/// Whether the host whose first token is `from` belongs to an address. `rule` is how it was found.
pub fn is_part(tokens: &[Token<'_>], from: usize, host: &Host, rule: &str) -> bool {
    if rule == "scheme" {
        return false;
    }
    let end = host.end;
    let open = matches!(text(tokens, end), "?" | "#")
        || host::path_follows(tokens, end) && !AT.holds(tokens, end + 1)
        || known::odd_path(tokens, end) > end && known::is_shared(&host.name);
    // `gmail → dot → com`
    if host.dots > Dots::Plain && tokens.get(from).is_some_and(host::is_dot) {
        return true;
    }
    let name = host.name.as_str();
    if !open && MAIL_HOSTS.contains(name) || name.starts_with("at-") {
        return true;
    }
    let led = from > 1 && gap(tokens, from - 1) && text(tokens, from - 2).is_ascii();
    let within = GLUED.iter().any(|at| host::find(name, at).is_some_and(|n| n > 0 || led));
    // `ivan-at-shop-dot-ru`
    let glue = |n: usize| matches!(text(tokens, n), "-" | "_" | "*" | "+" | "|" | "~");
    let joined = (from..end).any(|n| {
        scan::marks(tokens, n, b'-') && mailbox::apart_at(tokens, n)
            || tokens.get(n).is_some_and(|t| t.kind == Kind::Word && AT.contains(t.text))
                && (n == from
                    || glue(n - 1)
                    || parlour_guest::scan::marks(tokens, n - 1, b'.')
                    || gap(tokens, n - 1))
                && (glue(n + 1)
                    || parlour_guest::scan::marks(tokens, n + 1, b'.')
                        && (gap(tokens, n + 2) || PROVIDERS.holds(tokens, n + 2)))
    });
    if within || joined || run_on(name, host.dots) || !open && of_provider(name, host) {
        return true;
    }
    before(tokens, from, host, open) || behind(tokens, host, open)
}

/// `ivanatgmail.com`
fn run_on(name: &str, dots: Dots) -> bool {
    let providers = ["gmail.", "yahoo.", "hotmail.", "outlook.", "yandex.", "mail.ru", "icloud."];
    providers.iter().any(|p| {
        host::find(name, p).and_then(|at| name.get(..at)).is_some_and(|head| {
            let odd = dots > Dots::Plain || head.bytes().any(|b| matches!(b, b'_' | b'.'));
            head.len() > 2 && (head.ends_with("at") || odd && head.ends_with('a'))
        })
    })
}

/// `mail dot com`, `ivan*mail*ru`: a provider of mail, alone or behind a name.
fn of_provider(name: &str, host: &Host) -> bool {
    let provider = |label: &str| {
        SURE_PROVIDERS.contains(label) || one_of("mail мыло ukr bk inbox list", label)
    };
    let Some((label, rest)) = cut(name, b'.').filter(|_| host.dots > Dots::Plain) else {
        return false;
    };
    // `ivan_gmail_com`
    let last = scan::behind(label, b'_');
    provider(last) || {
        let (second, third) = cut(rest, b'.').unwrap_or((rest, ""));
        host.labels > 2 && (provider(second) || provider(scan::before(third, b'.')))
    }
}

/// Whether something for an `@`, and a name, stand before token `from`.
fn before(tokens: &[Token<'_>], from: usize, host: &Host, open: bool) -> bool {
    let n = from - usize::from(from > 0 && gap(tokens, from - 1));
    let Some(last) = tokens.get(n.wrapping_sub(1)) else {
        return false;
    };
    match last.kind {
        Kind::Mark if last.is("@") => n < 2 || !open || n == from,
        Kind::Mark if DOGS.contains(last.text) => true,
        Kind::Mark if mailbox::apart_at(tokens, n - 1) => true,
        // `contact🌀shop🔹fr`, `contact©shop.fr`
        Kind::Mark if n == from && !last.text.is_ascii() => {
            let name = tokens.get(n.wrapping_sub(2));
            (host.dots > Dots::Plain && !one_of("• · ∙ ⋅ ● ‧ ▪", last.text)
                || AT_SIGNS.contains(last.text))
                && name.is_some_and(|t| t.kind != Kind::Space)
        }
        // `@ivan:matrix.org`
        Kind::Mark if last.is(":") && n == from => {
            let name = mailbox::stem(tokens, n - 1);
            host.name.starts_with("matrix.")
                || name > 0 && parlour_guest::scan::marks(tokens, name - 1, b'@')
        }
        Kind::Mark => {
            // `ivan@g*ail.com`
            let run = tokens.get(..n).unwrap_or_default().iter().rev().take(12);
            let masked =
                last.is("*") && run.take_while(|t| t.kind != Kind::Space).any(|t| t.is("@"));
            // `gleb*verner*pro`, `zakaz*shop.ru`: a part of a name.
            let joined = n == from
                && matches!(last.text, "*" | "#" | "^" | "~" | "$")
                && tokens.get(n.wrapping_sub(2)).is_some_and(Token::is_solid);
            masked || joined && !open || n > 2 && bracketed_at(tokens, n)
        }
        Kind::Word if n < from && one_of(SECONDS, last.text) => true,
        // `@ la poste . net`
        Kind::Word if n < from && n > 2 && last.text.len() < 5 && at_before(tokens, n - 1) => true,
        Kind::Word if n < from && AT.contains(last.text) => {
            let name = tokens.get(n.wrapping_sub(3));
            let beside = n > 1 && gap(tokens, n - 2);
            let named = beside
                && name.is_some_and(|t| {
                    let part = tokens.get(n.wrapping_sub(4)).is_some_and(Token::is_joint);
                    t.kind != Kind::Space
                        && (part || t.text == "contact" || !NOT_LOCAL.contains(t.text))
                });
            let loose = one_of("at эй ат эт ет dog псина собаки дог", last.text);
            let dotted = n > 6 && tokens.get(n - 5).is_some_and(host::is_dot);
            let boxed = || {
                n > 2 && (dotted || mailbox::names_box(tokens, mailbox::stem(tokens, n - 2), n - 2))
            };
            named
                && (!loose || boxed() && host.dots >= Dots::Pointed && !open && host.end > from + 1)
        }
        _ => false,
    }
}

/// Whether an `@` stands before token `n`.
fn at_before(tokens: &[Token<'_>], n: usize) -> bool {
    let last = n - 1 - usize::from(gap(tokens, n - 1));
    parlour_guest::scan::marks(tokens, last, b'@')
}

/// Whether the mark before token `n` closes `(at)`, `[собака]`, `*a*`.
fn bracketed_at(tokens: &[Token<'_>], n: usize) -> bool {
    let inner = n - 2 - usize::from(gap(tokens, n - 2));
    let word = text(tokens, inner);
    let opened = inner.checked_sub(1 + usize::from(inner > 0 && gap(tokens, inner - 1)));
    let mark = opened.and_then(|n| tokens.get(n)).is_some_and(|t| t.kind == Kind::Mark);
    one_of(SECONDS, word)
        || mark && (AT.contains(word) || one_of(SECONDS, word) || one_of("@ a а et chez на", word))
}

/// Whether something for an `@` stands behind the host, or a provider not far from it: the host is a name.
fn behind(tokens: &[Token<'_>], host: &Host, open: bool) -> bool {
    const NEAR: usize = 14;
    let end = host.end;
    let n = end + usize::from(gap(tokens, end));
    let Some(next) = tokens.get(n) else {
        return false;
    };
    let picture = next.kind == Kind::Mark && !next.text.is_ascii();
    if n == end
        && (next.is("@")
            || picture && !open && tokens.get(n + 1).is_some_and(|t| t.kind != Kind::Space))
    {
        return true;
    }
    // `ivan.pro @ gmail . com`, `ivan.pro собака mail.ru`, `ivan.pro{at}mail.ru`
    let past_gap = |n: usize| n + usize::from(gap(tokens, n));
    let domain = |n: usize| PROVIDERS.holds(tokens, n) || host::read(tokens, n).is_some();
    let at = |n: usize| parlour_guest::scan::marks(tokens, n, b'@') || AT.holds(tokens, n);
    let inner = past_gap(n + 1);
    let beside = n > end && next.kind == Kind::Word && at(n) || next.is("@");
    let closed = tokens.get(past_gap(inner + 1)).is_some_and(|t| t.kind == Kind::Mark);
    let bracketed = next.kind == Kind::Mark
        && !matches!(next.text, "," | "." | "!" | "?" | ":" | ";")
        && (at(inner) || closed && one_of("a а chez на", text(tokens, inner)));
    if !open && (beside && domain(inner) || bracketed) {
        return true;
    }
    let last = scan::behind(&host.name, b'.');
    if open || host::is_sure(last) || host.labels != 2 {
        return false;
    }
    let near = || tokens.get(n..).unwrap_or_default().iter().take(NEAR);
    let said = |t: &Token<'_>| {
        t.is("@") || t.kind == Kind::Word && AT.contains(t.text) || DOGS.contains(t.text)
    };
    near().take(6).any(said) || near().any(|t| t.kind == Kind::Word && PROVIDERS.contains(t.text))
}

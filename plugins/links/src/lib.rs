//! Links in a text: written out, bare, or disguised. Knows what a host looks like and which hosts the
//! conversation allows; what becomes of a link is the host's policy.

mod address;
mod bare;
mod detect;
mod glance;
mod known;
mod platform;
mod split;

pub use detect::{Link, detect};
use parlour_guest::host;
use parlour_guest::mailbox::{AT, names_platform};
use parlour_guest::scan::{behind, drawn_together, merge};
use parlour_guest::spelling::lowered;
use parlour_guest::{Action, Context, Finding, Fold, Folded, Json, Message, Plugin, Span};

/// The plugin: hosts that the administrator allows beside the conversation's.
pub struct Links {
    allowed: Vec<String>,
}

impl Plugin for Links {
    const ID: &'static str = "links";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["allowed_hosts"]);
        match settings.texts("allowed_hosts") {
            Ok(allowed) if errors.is_empty() => Ok(Self { allowed }),
            Ok(_) => Err(errors),
            Err(sentence) => {
                errors.push(sentence);
                Err(errors)
            }
        }
    }

    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        let folded = fold(&message.text);
        let mut found = detect(&message.text, &folded);
        if folded.counts().spread > 0
            && let Some(joined) = drawn_together(&folded)
        {
            let mut again = detect(&message.text, &joined);
            again.iter_mut().for_each(|link| link.disguised = true);
            merge(&mut found, again, |link| link.span);
        }
        let history = context.history.as_slice();
        let last = history.iter().find(|earlier| earlier.same_sender);
        if last.is_none() && found.is_empty() {
            return Ok(Vec::new());
        }
        let allowed = context.conversation.allowed_hosts.iter().chain(&self.allowed);
        let allowed: Vec<String> = allowed.map(|h| lowered(h)).collect();
        let outside = |link: &Link| !allowed.iter().any(|host| within(&link.host, host));
        let written = |link: &Link| {
            let span = link.span.start as usize..link.span.end as usize;
            message.text.get(span).unwrap_or_default()
        };
        let mut split = None;
        if let Some(last) = last
            && found.len() < 2
        {
            split = split::across(&folded, history, fold).filter(|(link, parts)| {
                // `ig`, `wren`, `.studio`: a name there.
                let sure = bare::is_sure_host(&link.host) || known::is_shared(&link.host);
                let named = !sure && names_platform(history, 4, fold);
                outside(link)
                    && !named
                    && found.first().is_none_or(|own| is_a_part(parts, own.span))
            });
            // The domain of an address that an earlier message began.
            let of_address = found.first().is_some_and(|link| {
                link.rule == "bare"
                    && !written(link).bytes().any(|b| b == b'/')
                    && message.text.trim_ascii_start().starts_with(written(link))
                    && ends_at(&fold(&last.text))
            });
            if split.is_some() || of_address {
                found.clear();
            }
        }
        // `your insta?`, `anna.design`: a name there.
        if let [link] = found.as_slice()
            && link.rule == "bare"
            && !link.disguised
            && !written(link).bytes().any(|b| b == b'/')
            && folded.kinds().len() < 12
            && !bare::is_sure_host(&link.host)
            && names_platform(history, 3, fold)
        {
            found.clear();
        }
        let told = split.map(|(link, parts)| {
            let mut finding = report(&link);
            "split".clone_into(&mut finding.rule);
            finding.spans = parts;
            finding
        });
        Ok(found.iter().filter(|link| outside(link)).map(report).chain(told).collect())
    }
}

fn report(link: &Link) -> Finding {
    let confidence = if link.disguised { 90 } else { 97 };
    let mut finding = Finding::here("link", link.rule, link.span, confidence);
    finding.suggested = Action::Strip;
    finding.extra.push(("host".to_owned(), parlour_guest::first(&link.host, 100).to_owned()));
    finding
}

/// Whether the newest message's part of a link holds the end of what looked like one of its own.
fn is_a_part(parts: &[(u32, Span)], whole: Span) -> bool {
    let part = parts.iter().find(|(message, _)| *message == 0).map(|(_, part)| part);
    part.is_some_and(|part| part.start < whole.end && part.end >= whole.end)
}

/// Whether a message ends with what stands for the `@` of an address.
fn ends_at(folded: &Folded) -> bool {
    let text = folded.text.trim_ascii_end();
    let last = behind(text, b' ');
    text.ends_with('@') || AT.contains(last) || host::find(last, "собака").is_some()
}

/// Whether a host is the allowed one or lies below it.
fn within(host: &str, allowed: &str) -> bool {
    let allowed = allowed.strip_prefix("*.").unwrap_or(allowed).trim_matches('.');
    let host = host.trim_end_matches('.');
    !allowed.is_empty()
        && host
            .strip_suffix(allowed)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

parlour_guest::export!(crate::Links);

#[cfg(test)]
mod tests {
    use parlour_guest::{Context, Folded, Json, Message, Plugin, pieces};

    use super::{Links, within};

    /// The hosts found in the last of these messages of one sender, where youtube.com may be linked to.
    fn hosts(messages: &[&str]) -> Vec<String> {
        let (last, before) = messages.split_last().expect("a message");
        let mut context = Context { history: pieces::history(before), ..Context::default() };
        context.conversation.allowed_hosts.push("youtube.com".to_owned());
        let message = Message { text: (*last).to_owned(), ..Message::default() };
        let links = Links::configure(&Json::Null).expect("configured");
        let found = links.check(&message, &context, Folded::plain).expect("checked");
        found.iter().flat_map(|f| f.extra.iter().map(|(_, host)| host.clone())).collect()
    }

    #[test]
    fn what_was_said_before_hides_no_link() {
        for (messages, host) in [
            (&["you should look at", "hi, https://evil.com/x"][..], "evil.com"),
            (&["look at", "evil.com/x"], "evil.com"),
            (&["youtube.com/", "evil.com"], "evil.com"),
            (&["никогда", "evil.shop/casino"], "evil.shop"),
            (&["инструкция тут", "evil.ru"], "evil.ru"),
        ] {
            assert_eq!(hosts(messages), [host], "{messages:?}");
        }
        for messages in [&["ivan.petrov@", "corp.ru"][..], &["инста?", "anna.design"]] {
            assert_eq!(hosts(messages), [""; 0], "{messages:?}");
        }
    }

    #[test]
    fn a_sentence_before_a_link_is_none_of_its_labels() {
        for (text, host) in [
            ("it is 500. t.me/samir_design", "t.me"),
            ("good. elektrik dot ru", "elektrik.ru"),
            ("shop. example. com", "shop.example.com"),
        ] {
            assert_eq!(hosts(&[text]), [host], "{text}");
        }
        assert!(hosts(&["it is good. asp.net core"]).is_empty());
    }

    #[test]
    fn what_leads_to_nobody_is_no_link() {
        for text in [
            "vk.com лежит, t.me тоже",
            "вк точка ком не пишу",
            "домен в зоне .ru занят",
            "is .com better than .io?",
            "plutôt .fr ou .com ?",
            "осталось проверить.ру версию",
            "yes.no.maybe.so",
            "find me on face book as harlow dot fence dot co",
            "live двокрапка danylo крапка law",
            "open t.me|m.me",
            "06 point 39 point 98 point 22 point 77",
            "marko.dev/собака/meta/крапка/ua",
            "ivan → at → gmail → dot → com",
            "запрещённая соцсеть anna.photo",
            "артикул 12,34,56,78:90",
            "clock app: anna.design",
            "📸 anna.studio",
            "📸 anna точка studio",
            "cord: anna.dev",
            "моя картинка: сеть с картинками: anna.florist",
            "profile pic: anna.candle.co on insta",
            "в телеге как gleb*verner*pro",
            "в інсті svichky*z*vosku*ua",
            "дс oakdoors . ua",
            "пиши в те ле гра ме oak.pro",
            "d i s c o r d = oak.dev",
            "інста anna.vyshyvanka.ua",
            "look for anna dot makeup dot artist",
            "find anna.studio on i.g.",
            "à contact 🌀 oak-doors 🔹 fr",
            "почта: zakaz # oak-doors.ru",
            "zakaz*oak-doors.рф это почта",
            "на майл.ру я",
        ] {
            assert_eq!(hosts(&[text]), [""; 0], "{text}");
        }
        for (text, host) in [
            ("t.me|olga_p", "t.me"),
            ("t•me•/•olga", "t.me"),
            ("t.m e/olga", "t.me"),
            ("vk,com,id55501234", "vk.com"),
            ("wa . me \\ 1 2125550177", "wa.me"),
            ("oakdoors•shop", "oakdoors.shop"),
            ("заходи на 203,0,113,17:8080", "203.0.113.17"),
            ("дом-уют точка эрэф", "дом-уют.эрэф"),
            ("oak-doors.нет", "oak-doors.net"),
            ("https:// oak - doors . ru", "doors.ru"),
            ("📸 portfolio anna.photo", "anna.photo"),
            ("📸 anna-photo.com", "anna-photo.com"),
            ("no insta, site anna.design", "anna.design"),
            ("інста, сайт anna.vyshyvanka.ua", "anna.vyshyvanka.ua"),
            ("інста, shop.com.ua", "shop.com.ua"),
            ("our new app: anna.design", "anna.design"),
            ("new shop 🎉 oakdoors ⚫ com", "oakdoors.com"),
            ("copyright © oakdoors.com", "oakdoors.com"),
            ("insta gram . com / anna_k", "gram.com"),
            ("ватсап ми / 79005550147", "ватсап.ми"),
            ("greenoakdoors_com, the underscore is a dot", "greenoakdoors.com"),
        ] {
            assert_eq!(hosts(&[text]), [host], "{text}");
        }
    }

    #[test]
    fn what_is_told_in_several_words_is_read_whole() {
        for (text, whole) in [
            (
                "oakdoors point fr slash ad 28177340 c'est moi",
                "oakdoors point fr slash ad 28177340",
            ),
            ("oak точка kz слэш pay 7hq2", "oak точка kz слэш pay 7hq2"),
            ("oak точка kz слэш меню в 17h30", "oak точка kz слэш меню"),
            ("invite крапка viber крапка com / g2=Aq", "invite крапка viber крапка com / g2=Aq"),
            ("cash dot app slash $anna", "cash dot app slash $anna"),
            ("t.me/ + AbCd12", "t.me/ + AbCd12"),
            ("green doors dot com all one word", "green doors dot com"),
            ("lien cagnotte oak-doors [point] com/a", "oak-doors [point] com/a"),
        ] {
            let found = super::detect(text, &Folded::plain(text));
            let spans: Vec<_> =
                found.iter().map(|l| &text[l.span.start as usize..l.span.end as usize]).collect();
            assert_eq!(spans, [whole], "{text}");
        }
    }

    #[test]
    fn an_allowed_host_covers_what_lies_below_it_and_nothing_beside_it() {
        let cases = [
            ("shop.example", "shop.example", true),
            ("www.shop.example", "shop.example", true),
            ("www.shop.example", "*.shop.example", true),
            ("evilshop.example", "shop.example", false),
            ("shop.example.evil.com", "shop.example", false),
            ("example", "shop.example", false),
            ("shop.example", "", false),
        ];
        for (host, allowed, expected) in cases {
            assert_eq!(within(host, allowed), expected, "{host} {allowed}");
        }
    }
}

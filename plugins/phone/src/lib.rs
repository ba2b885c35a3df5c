//! Phone numbers in a text, in digits, in words, or disguised. Knows numbering plans and how people
//! write numbers down; what becomes of one is the host's policy.

mod atoms;
mod coded;
mod context;
mod detect;
mod plan;
mod split;
mod spoken;
mod strewn;
mod table;
mod turned;

pub use detect::{Number, Wishes, detect};
use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin};

/// The plugin: the region whose national numbers are read first.
pub struct Phone {
    region: String,
}

impl Plugin for Phone {
    const ID: &'static str = "phone";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(settings: &Json) -> Result<Self, Vec<String>> {
        let mut errors = settings.unknown(&["region"]);
        let region = match settings.get("region") {
            None => String::new(),
            Some(value) => {
                let letters = value.text().filter(|t| {
                    t.is_empty() || t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase())
                });
                if letters.is_none() {
                    errors
                        .push("region: two capital letters of ISO 3166-1 are expected".to_owned());
                }
                letters.unwrap_or_default().to_owned()
            }
        };
        if errors.is_empty() { Ok(Self { region }) } else { Err(errors) }
    }

    fn check(
        &self,
        message: &Message,
        context: &Context,
        fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        let region = match self.region.as_str() {
            "" => context.conversation.default_region.as_str(),
            set => set,
        };
        let folded = fold(&message.text);
        let wishes = Wishes { region, languages: &message.languages, announced: false };
        let mut numbers = detect(&folded, &wishes);
        numbers.retain(|n| {
            let before = message.text.get(..n.span.start as usize).unwrap_or_default();
            !split::linked(before, &context.history)
        });
        let alone = matches!(numbers.as_slice(), [_]) && split::begun(&context.history);
        if (numbers.is_empty() || alone)
            && let Some(split) = split::across(&folded, &context.history, &wishes, fold)
            && !split::linked("", &context.history)
        {
            let mut finding = tell("split", split.number);
            finding.spans = split.spans;
            return Ok(vec![finding]);
        }
        Ok(numbers.into_iter().map(|number| tell(number.rule, number)).collect())
    }
}

#[inline(never)] // small where two ask
fn tell(rule: &'static str, number: Number) -> Finding {
    let mut finding = Finding::here("phone", rule, number.span, number.confidence);
    finding.extra.push(("plan".to_owned(), number.plan.to_owned()));
    finding
}

parlour_guest::export!(crate::Phone);

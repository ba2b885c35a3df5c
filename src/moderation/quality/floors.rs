//! The figures below which the plugins may not fall, as tab-separated values beside the labelled
//! messages. Measures nothing.

use std::{collections::BTreeMap, fmt::Write as _};

use super::tally::{Row, Tally};

/// First line of the file.
const HEAD: &str = "set\tcategory\tlevel\tlanguage\trecall\tprecision\tf1\texactness\tuntouched";

/// A floor lies this much below what was measured, and is rounded down to three places: a set of less than
/// 200 labels may not lose a single one.
const MARGIN: f64 = 0.005;
const FIGURES: [&str; 5] = ["recall", "precision", "f1", "exactness", "untouched"];

type Place = (String, String, String, String);

/// Floors by set, category, level and language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Floors(BTreeMap<Place, [Option<f64>; 5]>);

// === impl Floors ===

impl Floors {
    /// Reads the file. Lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// The number of a line and what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut floors = Self::default();
        for (n, line) in (1..).zip(text.lines()) {
            if line.is_empty() || line == HEAD || line.starts_with('#') {
                continue;
            }
            let words: Vec<&str> = line.split('\t').collect();
            let [set, category, level, lang, figures @ ..] = &words[..] else {
                return Err(format!("{n}: has less than nine columns"));
            };
            let mut least = [None; 5];
            if figures.len() != least.len() {
                return Err(format!("{n}: has {} columns instead of nine", words.len()));
            }
            for (figure, place) in figures.iter().zip(&mut least) {
                if *figure != "-" {
                    let number: Option<f64> = figure.parse().ok();
                    let Some(number) = number.filter(|number| (0.0..=1.0).contains(number)) else {
                        return Err(format!("{n}: `{}` is no share", figure.escape_debug()));
                    };
                    *place = Some(number);
                }
            }
            let own = |word: &str| word.to_owned();
            floors.0.insert((own(set), own(category), own(level), own(lang)), least);
        }
        Ok(floors)
    }

    /// Takes the place of what was known of a set.
    pub fn measure(&mut self, set: &str, rows: &[Row]) {
        self.0.retain(|place, _| place.0 != set);
        for row in rows {
            let least = figures(&row.tally).map(|figure| {
                let least = figure? - MARGIN;
                Some(((least * 1000.0).floor() / 1000.0).max(0.0))
            });
            self.0.insert(place(set, row), least);
        }
    }

    /// The file.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!("{HEAD}\n");
        for ((set, category, level, lang), least) in &self.0 {
            let _ = write!(text, "{set}\t{category}\t{level}\t{lang}");
            for figure in least {
                let _ = match figure {
                    Some(figure) => write!(text, "\t{figure:.3}"),
                    None => write!(text, "\t-"),
                };
            }
            text.push('\n');
        }
        text
    }

    /// Every figure of a set that is below its floor or has none, a sentence each. A set that the file does
    /// not name may be as it is.
    #[must_use]
    pub fn missed(&self, set: &str, rows: &[Row]) -> Vec<String> {
        let measured: BTreeMap<Place, &Tally> =
            rows.iter().map(|row| (place(set, row), &row.tally)).collect();
        let mut missed = self.lacking(set, rows);
        for (place, least) in self.0.iter().filter(|(place, _)| place.0 == set) {
            let (_, category, level, lang) = place;
            let now = measured.get(place).map_or([None; 5], |tally| figures(tally));
            for ((name, least), now) in FIGURES.iter().zip(least).zip(now) {
                let Some(least) = least else { continue };
                if now.is_none_or(|now| now < *least) {
                    let now = now.map_or("not measured".to_owned(), |now| format!("{now:.4}"));
                    missed.push(format!(
                        "{set}: {name} of {category}, {level}, {lang} is {now}, its floor {least:.3}"
                    ));
                }
            }
        }
        missed
    }

    /// Whether there is a floor for anything of a set.
    #[must_use]
    pub fn names(&self, set: &str) -> bool {
        self.0.keys().any(|place| place.0 == set)
    }

    fn lacking(&self, set: &str, rows: &[Row]) -> Vec<String> {
        if !self.names(set) {
            return Vec::new();
        }
        let lacking = rows.iter().filter(|row| !self.0.contains_key(&place(set, row)));
        lacking
            .map(|row| format!("{set}: {}, {}, {} has no floor", row.category, row.level, row.lang))
            .collect()
    }
}

fn place(set: &str, row: &Row) -> Place {
    (set.to_owned(), row.category.clone(), row.level.clone(), row.lang.clone())
}

fn figures(tally: &Tally) -> [Option<f64>; 5] {
    [tally.recall(), tally.precision(), tally.f1(), tally.exactness(), tally.untouched()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(found: u32) -> Row {
        let tally = Tally {
            labels: 200,
            found,
            exact: found,
            findings: found,
            right: found,
            ..Tally::default()
        };
        Row { category: "phone".into(), level: "plain".into(), lang: "ru".into(), tally }
    }

    #[test]
    fn a_loss_is_told() {
        let mut floors = Floors::default();
        floors.measure("seen", &[row(200)]);
        assert_eq!(floors.missed("seen", &[row(199)]), [] as [String; 0], "within the margin");
        let missed = floors.missed("seen", &[row(198)]);
        assert_eq!(missed.len(), 2, "F1 falls with it: {missed:?}");
        assert!(missed[0].contains("recall of phone, plain, ru is 0.9900, its floor 0.995"));
        assert_eq!(floors.missed("seen", &[]).len(), 4, "a group that is gone is missed");
        assert_eq!(floors.missed("unseen", &[row(0)]), [] as [String; 0]);
        let other = Row { lang: "uk".into(), ..row(200) };
        let missed = floors.missed("seen", &[row(200), other]);
        assert_eq!(missed, ["seen: phone, plain, uk has no floor"]);
    }

    #[test]
    fn the_file_is_read_as_it_was_written() {
        let mut floors = Floors::default();
        floors.measure("seen", &[row(180)]);
        let text = floors.write();
        assert!(
            text.ends_with("seen\tphone\tplain\tru\t0.895\t0.995\t0.942\t0.995\t-\n"),
            "{text}"
        );
        assert_eq!(Floors::read(&text), Ok(floors));
        for (text, said) in [
            ("a\tb", "1: has less"),
            ("\n# x\na\tb\tc\td\t1", "3: has 5"),
            ("a\tb\tc\td\t1\t1\t1\t2\t-", "`2` is no share"),
            ("a\tb\tc\td\t1\t1\t1\tNaN\t-", "no share"),
        ] {
            assert!(Floors::read(text).is_err_and(|e| e.contains(said)), "{text}");
        }
    }
}

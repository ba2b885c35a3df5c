//! Makes `plugins/profanity/lexicon.fst` from public word lists: reads them, keeps what is obscene
//! beyond doubt, spells it as the plugin looks words up, and writes one finite-state table.
//!
//! `parlour-lexicon MAT_FINAL_with_unigram_inflections.txt profanity_en.csv lexicon.fst`
//!
//! Where the lists come from and under which licence stands in packaging/NOTICES. The lists themselves
//! are not kept: the table is, and this program says how it came to be.

use std::collections::BTreeMap;
use std::process::ExitCode;

mod english;
mod russian;

fn main() -> ExitCode {
    match run() {
        Ok(words) => {
            println!("{words} words");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("parlour-lexicon: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<usize, String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [russian_list, english_list, out] = args.as_slice() else {
        return Err("usage: parlour-lexicon RUSSIAN.txt ENGLISH.csv OUT.fst".to_owned());
    };
    let read = |path: &String| std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"));
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    for (word, severity) in russian::words(&read(russian_list)?) {
        words.insert(word, severity);
    }
    for (word, severity) in english::words(&read(english_list)?) {
        words.insert(word, severity);
    }
    let mut builder = fst::MapBuilder::memory();
    for (word, severity) in &words {
        builder.insert(word, *severity).map_err(|e| e.to_string())?;
    }
    let table = builder.into_inner().map_err(|e| e.to_string())?;
    std::fs::write(out, table).map_err(|e| format!("{out}: {e}"))?;
    Ok(words.len())
}

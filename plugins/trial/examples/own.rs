//! dev
use parlour_trial::{builtin, judge::{ask, judge_all}, quality::{CaseSet, LabelledCase, Score, read_set}, sets::present};
fn spans(case: &LabelledCase, found: &[parlour_guest::Finding]) -> Vec<String> {
    found.iter().flat_map(|f| f.spans.iter().filter(|(n, _)| *n == 0).map(move |(_, s)| format!("{}/{}:{}", f.rule, f.category, case.text.get(s.start as usize..s.end as usize).unwrap_or("?")))).collect()
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let judges: Vec<_> = builtin().into_iter().filter(|j| j.id == "handles").collect();
    match args[1].as_str() {
        "own" => {
            let (mut n, mut bad) = (0, 0);
            for line in std::fs::read_to_string(&args[2]).unwrap().lines().filter(|l| !l.trim().is_empty()) {
                let (_, t) = line.split_once('|').unwrap_or(("", line));
                let mut want = Vec::new();
                let mut text = String::new();
                let mut rest = t;
                while let Some((a, b)) = rest.split_once("[[") {
                    text.push_str(a);
                    let (i, c) = b.split_once("]]").unwrap();
                    want.push((text.len(), text.len() + i.len()));
                    text.push_str(i);
                    rest = c;
                }
                text.push_str(rest);
                let case = LabelledCase { text: text.replace('⏎', "\n"), ..Default::default() };
                let found = ask(&judges[0], &case);
                n += 1;
                let cover = |w: &(usize, usize)| found.iter().flat_map(|f| f.spans.iter()).map(|(_, s)| { let (a, b) = (s.start as usize, s.end as usize); b.min(w.1).saturating_sub(a.max(w.0)) }).sum::<usize>() * 10 >= (w.1 - w.0) * 9;
                let ok = if want.is_empty() { found.is_empty() } else { want.iter().all(cover) };
                if !ok { bad += 1; println!("{}\t{}\t=> {}", if want.is_empty() {"FALSE"} else {"MISS"}, t, spans(&case, &found).join(" | ")); }
            }
            println!("{bad} of {n} wrong");
        }
        "sets" => {
            for set in present().unwrap() {
                let mut score = Score::of_categories(["messenger", "social"].map(str::to_owned));
                for case in &set.cases { score.count(case, &judge_all(&judges, case)); }
                print!("{}", parlour_trial::quality::table(&set.name, &score, true));
            }
        }
        _ => {
            let set: CaseSet = read_set(std::path::Path::new(&args[2])).unwrap();
            for case in &set.cases {
                let found = ask(&judges[0], case);
                for s in spans(case, &found) { println!("{}\t{}", s.replace('\n', "⏎"), case.text.replace('\n', "⏎").replace('\t', " ")); }
            }
        }
    }
}

//! The same verdict and the same fuel on every engine and under any load.

use super::*;
use crate::moderation::{Workbench, workbench::Chain};

fn bench(engine: EngineChoice) -> Workbench {
    let mut settings = ModerationSettings::new("", "");
    settings.engine = engine;
    Workbench::open(settings, Clock::system()).expect("an engine")
}

#[test]
fn verdicts_and_fuel_are_the_same_on_both_engines() {
    let path = scratch("engines").join("flag-all.wasm");
    fs::write(&path, fixture("good/flag-all")).expect("written");
    let mut reports = Vec::new();
    for engine in [EngineChoice::Jit, EngineChoice::Interpreter, EngineChoice::Jit] {
        let report =
            bench(engine).run_file(&path, &order("ну FLAGME вот"), None).expect("a report");
        assert_eq!(report.findings.len(), 1);
        reports.push((report.findings, report.fuel, report.memory_peak));
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
    let (fuel, memory) = (reports[0].1, reports[0].2);
    assert!(fuel > 0 && memory > 0, "{fuel} {memory}");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn plugins_run_where_memory_may_not_be_executable() {
    let path = scratch("denied").join("flag-all.wasm");
    fs::write(&path, fixture("good/flag-all")).expect("written");
    let report = without_executable_memory(move || {
        bench(EngineChoice::Auto).run_file(&path, &order("a FLAGME b"), None)
    });
    assert_eq!(report.expect("a report").findings.len(), 1);
}

#[test]
fn fuel_decides_the_same_under_load() {
    let path = scratch("fuel").join("loop.wasm");
    fs::write(&path, fixture("faulty/endless-loop")).expect("written");
    let bench = Arc::new(bench(EngineChoice::Jit));
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let (bench, path) = (bench.clone(), path.clone());
            std::thread::spawn(move || {
                bench.run_file(&path, &order("x"), None).expect_err("it loops")
            })
        })
        .collect();
    for thread in threads {
        let said = thread.join().expect("no panic");
        assert!(said.contains("used up its fuel"), "{said}");
    }
}

/// The plugins that ship.
fn shipped(bench: &Workbench) -> Chain {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/dist");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file"));
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "wasm"));
    files.sort();
    bench.chain(&files).expect("a chain")
}

/// What the shipped chain says about some messages, with the fuel of each answer.
fn shipped_verdicts(bench: &Workbench) -> Vec<(String, u64)> {
    let chain = shipped(bench);
    let long =
        "Мой номер 8 916 123-45-67, почта ivan точка petrov собака mail точка ru. ".repeat(12);
    [
        "пишите в телегу @divan_msk_77",
        "hello, is it still available?",
        "+7(9I6)З00\u{200b}45 67",
        &long,
    ]
    .into_iter()
    .flat_map(|text| chain.check(&order(text)).answers)
    .map(|checked| (format!("{:?}", checked.findings.expect("an answer")), checked.fuel))
    .collect()
}

#[test]
fn the_shipped_chain_says_the_same_on_an_idle_and_a_saturated_machine() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let bench = bench(EngineChoice::Jit);
    let idle = shipped_verdicts(&bench);
    assert!(idle.iter().any(|(findings, _)| findings != "[]"));
    let over = AtomicBool::new(false);
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let saturated = std::thread::scope(|scope| {
        for _ in 0..cores * 2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let verdicts =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| shipped_verdicts(&bench)));
        over.store(true, Ordering::Relaxed);
        verdicts.expect("answers")
    });
    assert_eq!(idle, saturated);
}

/// The longest message of a room, made of what each plugin looks at hardest: all of it is checked.
#[test]
fn no_dense_text_uses_up_the_fuel_of_a_shipped_plugin() {
    const LONGEST: usize = 16_384;
    let bench = bench(EngineChoice::Jit);
    let chain = shipped(&bench);
    let names: Vec<_> = chain.ids().map(str::to_owned).collect();
    for piece in [
        "a . b . ",
        "a @ b . ",
        "@ a . . b ",
        "p c ",
        "u q . u a ",
        "a pt b pt ",
        "1 q ",
        "tg a.*.b-_-",
        "x-_-",
        "@ a b c ",
        "ivan_p это я ",
        "x_",
        "@",
        "telegrom dizkord ",
        "я в т г ",
        "т е л е г р а м ",
        "idiot x x x ",
        "тг эм а икс ай ",
        "www a ",
        "5 5 5 ",
        "oakdoors•shop ",
        "live:",
        "m ",
        "точка ру ",
        "ur.srooddkao ",
    ] {
        let text = piece.repeat(LONGEST / piece.chars().count());
        for (name, checked) in names.iter().zip(chain.check(&order(&text)).answers) {
            assert!(checked.findings.is_ok(), "{name}: {piece:?}: {:?}", checked.findings.err());
        }
    }
}

#[test]
fn a_sound_file_is_described() {
    let path = scratch("report").join("flag-all.wasm");
    fs::write(&path, fixture("good/flag-all-v2")).expect("written");
    let report = bench(EngineChoice::Jit).check_file(&path).expect("a report");
    assert_eq!((report.id.as_str(), report.version.as_str()), ("flag-all", "2.0.0"));
    assert_eq!((report.form, report.samples), ("component", 2));
    assert_eq!((report.categories, report.untrusted), (vec!["profanity".to_owned()], None));
}

/// A host that keeps the instance of one good plugin.
fn warm(id: &str) -> Host {
    Host::still(&[("good.wasm", &fixture(&format!("good/{id}")))], |settings| {
        let own = super::super::PluginSettings { warm: true, ..Default::default() };
        settings.plugins.insert(id.into(), own);
    })
}

#[tokio::test]
async fn a_warm_instance_answers_like_a_fresh_one() {
    let host = warm("flag-all");
    for _ in 0..100 {
        assert_eq!(categories(&host.check("a FLAGME b").await), ["profanity"]);
        assert_eq!(categories(&host.check("nothing").await), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn what_a_warm_plugin_keeps_in_a_static_outlives_the_message() {
    let host = warm("keeps");
    for n in 0..100 {
        let honest = format!("nothing {}", "xyz ".repeat(n));
        assert_eq!(categories(&host.check(&honest).await), Vec::<&str>::new());
        assert_eq!(categories(&host.check("a FLAGME b").await), ["profanity"]);
        assert_eq!(categories(&host.check("a MARKME b").await), ["profanity"]);
    }
}

/// The core module within a component, with the description of its world beside it: what an author's
/// compiler makes before it is turned into a component.
fn core_of(component: &[u8]) -> Vec<u8> {
    let modules =
        wasmparser::Parser::new(0).parse_all(component).filter_map(|payload| {
            match payload.expect("a payload") {
                wasmparser::Payload::ModuleSection { unchecked_range, .. } => Some(unchecked_range),
                _ => None,
            }
        });
    let range = modules.into_iter().next().expect("a module");
    let mut core = component[range].to_vec();
    let decoded = wit_component::decode(component).expect("a world");
    let wit_component::DecodedWasm::Component(resolve, world) = decoded else {
        panic!("not a component")
    };
    let utf8 = wit_component::StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut core, &resolve, world, utf8).expect("embedded");
    core
}

#[test]
fn a_core_module_that_describes_its_world_is_a_plugin() {
    let path = scratch("core").join("flag-all.wasm");
    let core = core_of(&fixture("good/flag-all"));
    fs::write(&path, core).expect("written");
    let report = bench(EngineChoice::Jit).check_file(&path).expect("a report");
    assert_eq!((report.form, report.id.as_str()), ("core module", "flag-all"));
    let run =
        bench(EngineChoice::Jit).run_file(&path, &order("a FLAGME b"), None).expect("a report");
    assert_eq!(run.findings.len(), 1);
}

#[test]
fn wasi_may_be_tolerated_as_traps() {
    let path = scratch("wasi").join("wasi.wasm");
    fs::write(&path, fixture("refused/wasi-import")).expect("written");
    let mut settings = ModerationSettings::new("", "");
    settings.allow_wasi_traps = true;
    let bench = Workbench::open(settings, Clock::system()).expect("an engine");
    assert_eq!(bench.check_file(&path).expect("it loads").form, "component");
    let said =
        bench.run_file(&path, &order("x"), None).expect_err("what it asks of WASI is not there");
    assert!(said.contains("called a WASI function, which is not there, in check"), "{said}");
}

#[test]
fn a_compilation_that_takes_too_long_is_given_up() {
    let path = scratch("slow").join("flag-all.wasm");
    fs::write(&path, fixture("good/flag-all")).expect("written");
    let mut settings = ModerationSettings::new("", "");
    settings.limits.compile_deadline_ms = 0;
    let bench = Workbench::open(settings, Clock::system()).expect("an engine");
    let said = bench.check_file(&path).expect_err("no time");
    assert!(said.contains("takes longer than 0 s to compile"), "{said}");
}

/// The plugins that ship, where they are built: sound, small, and each finds what it is for.
#[test]
fn the_shipped_plugins_are_sound() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/dist");
    let bench = bench(EngineChoice::Auto);
    for (name, text, category) in [
        ("phone", "звоните +7 916 123-45-67", "phone"),
        ("email", "пишите на ivan@example.com", "email"),
        ("links", "смотрите https://example.com/a", "link"),
        ("handles", "пишите в телеграм @ivan_petrov", "messenger"),
        ("contacts", "моя почта ivan собака мейл точка ру", "email"),
        ("profanity", "what the fuck", "profanity"),
        ("threats", "I will kill you", "threat"),
        ("spam", &"купи слона ".repeat(30), "spam"),
        ("rules", "купить диплом", "forbidden-goods"),
    ] {
        let path = dist.join(format!("{name}.wasm"));
        let report = bench.check_file(&path).expect("a report");
        assert_eq!(report.id, name);
        assert!(report.samples > 0 && report.bytes <= 150_000, "{report:?}");
        let rule =
            r#"{"rules":[{"name":"a","category":"forbidden-goods","phrases":["купить диплом"]}]}"#;
        let config = (name == "rules").then_some(rule);
        let run = bench.run_file(&path, &order(text), config).expect("a report");
        assert_eq!(run.findings.first().map(|f| f.category.as_str()), Some(category), "{name}");
    }
}

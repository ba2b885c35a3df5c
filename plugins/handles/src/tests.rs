//! t
#[test]
fn dbg() {
    for text in ["Зв'яжіться зі мною у вайбері", "самолётик vasya_90"]
    {
        let f = parlour_guest::Folded::plain(&text.to_lowercase());
        let s = crate::scene::Scene::new(text, &f);
        for t in &s.terms {
            println!("{:?} {:b} {:?}", s.tokens[t.from].text, t.bits, t.platform);
        }
    }
}

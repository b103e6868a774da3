//! Temporary.
use opsbook::{input::*, memo::Keep, output::*, pipeline::Engine};
struct Dir(std::path::PathBuf);
impl Sink for Dir {
    fn put(&self, o: Output) -> std::io::Result<()> {
        let p = self.0.join(&o.path);
        std::fs::create_dir_all(p.parent().expect("x"))?;
        match o.body {
            Body::Text(t) => std::fs::write(p, t.as_bytes()),
            Body::Bytes(b) => std::fs::write(p, &b),
            Body::File(f) => std::fs::copy(f, p).map(|_| ()),
        }
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t = std::time::Instant::now();
    let inputs = Loader::new(Options {
        root: a[1].clone().into(),
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Leave,
    })
    .load()
    .expect("load");
    println!("load {:?}", t.elapsed());
    let mut e = Engine::new(Keep::Nothing);
    let b = e.build(&inputs, &Dir(a[2].clone().into())).expect("build");
    for (n, d) in &b.timings.stages {
        println!("{n} {d:?}");
    }
    let src = |p: &opsbook::path::FilePath| inputs.sources.get(p).or(inputs.settings.get(p));
    for d in &b.diagnostics {
        let text = src(&d.span.file).map(|s| &*s.text).unwrap_or("");
        let p = opsbook::source::position(text, d.span.start as usize);
        println!(
            "{}:{}:{}: {:?}[{}]: {}; {}",
            d.span.file,
            p.line,
            p.column,
            d.level,
            d.rule.name,
            d.message,
            d.help.as_deref().unwrap_or("")
        );
    }
    println!("{} pages {} problems", b.pages, b.diagnostics.len());
}

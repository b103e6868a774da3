//! Finished files with one word hidden in each, in every way that outputs carry text.
//!
//! Owns the seeds: a name for the channel, a path, bytes. Knows no scanner.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

/// The word that must not get out.
pub const WORD: &str = "Zephyrquellen";

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A ZIP file of one member, as writers of streams make it: the sizes come after the data.
fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    let mut zip = b"PK\x03\x04\x14\0\x08\0\x08\0\0\0\0\0".to_vec();
    zip.extend_from_slice(&[0; 12]);
    zip.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
    zip.extend_from_slice(&[0, 0]);
    zip.extend_from_slice(name.as_bytes());
    zip.extend(encoder.finish().unwrap());
    zip.extend_from_slice(b"PK\x07\x08");
    zip
}

pub fn base64(bytes: &[u8], alphabet: &[u8; 2]) -> String {
    let mut signs: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').collect();
    signs.extend_from_slice(alphabet);
    let group = |part: &[u8]| {
        let bits =
            part.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
        (0..=part.len())
            .map(|at| char::from(signs[(bits >> (18 - 6 * at)) as usize & 63]))
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

fn standard(text: &str) -> String {
    base64(text.as_bytes(), b"+/")
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

/// A PNG with one chunk beside its header.
pub fn png(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\0\0\0\0".to_vec();
    png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    png.extend_from_slice(kind);
    png.extend_from_slice(data);
    png.extend_from_slice(b"\0\0\0\0");
    let pixels = zlib(&[0, 9, 9, 9]);
    png.extend(u32::try_from(pixels.len()).unwrap().to_be_bytes());
    png.extend_from_slice(&[b"IDAT", &*pixels, b"\0\0\0\0", b"\0\0\0\0IEND\xaeB`\x82"].concat());
    png
}

/// Filler that looks like the packed pixels of a picture.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

pub fn framed(before: &[u8], inner: &[u8]) -> Vec<u8> {
    [before, inner, &noise(200)].concat()
}

/// A channel, the path of a finished file, its bytes.
pub type Seed = (&'static str, String, Vec<u8>);

fn seed(channel: &'static str, path: &str, bytes: impl Into<Vec<u8>>) -> Seed {
    (channel, path.to_owned(), bytes.into())
}

pub fn texts() -> Vec<Seed> {
    let entities: String = WORD.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    let escapes: String = WORD.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let short: String = WORD.chars().map(|c| format!("\\x{:02x}", u32::from(c))).collect();
    let percent: String = WORD.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let (head, tail) = WORD.split_at(6);
    vec![
        seed("text", "a/index.html", format!("<p>At {WORD} it began.</p>")),
        seed("attribute", "a/index.html", format!("<img alt=\"{WORD}\" src=\"x.png\">")),
        seed("title of a link", "a/index.html", format!("<a href=\"#\" title=\"{head}&shy;{tail}\">x</a>")),
        seed("entities", "a/index.html", format!("<p>{entities}</p>")),
        seed(
            "code in pieces",
            "a/index.html",
            format!("<pre><code><span>{head}</span><span class=\"c-x\">{tail}</span></code></pre>"),
        ),
        seed("comment", "a/index.html", format!("<p>x</p><!-- {WORD} -->")),
        seed("small letters", "tags/index.html", format!("<a href=\"{}/\">", WORD.to_lowercase())),
        seed("capitals", "a/index.html", format!("<h2>{}</h2>", WORD.to_uppercase())),
        seed("accents", "a/index.html", "<p>Zéphyrquellén</p>"),
        seed("JSON", "handbook.json", format!("{{\"title\": \"{WORD}\"}}")),
        seed("JSON escapes", "handbook.json", format!("{{\"title\": \"{escapes}\"}}")),
        seed("script", "assets/x.js", format!("const a = '{short}';")),
        seed("address", "a/index.html", format!("<a href=\"../{percent}/\">x</a>")),
        seed("style", "assets/x.css", format!(".a::before {{ content: \"{WORD}\" }}")),
        seed("calendar", "calendar.ics", format!("BEGIN:VEVENT\r\nSUMMARY:Outage at {head}\r\n {tail}\r\n")),
        seed(
            "feed",
            "atom.xml",
            format!("<content type=\"html\">&lt;p&gt;{head}&amp;shy;{tail}&lt;/p&gt;</content>"),
        ),
        seed("sitemap", "sitemap.xml", format!("<loc>https://x.example/{}/</loc>", WORD.to_lowercase())),
        seed("manifest", ".opsbook-manifest.json", format!("{{\"files\": {{\"{WORD}.png\": \"0\"}}}}")),
        seed("redirects", "_redirects", format!("/old/{} /new/ 301\n", WORD.to_lowercase())),
        seed("redirects of nginx", "redirects.nginx.conf", format!("rewrite ^/{WORD}/$ /new/ permanent;\n")),
        seed("table for spreadsheets", "registers/controls/c5.csv", format!("\"a \"\"{WORD}\"\"\",1\r\n")),
        seed("text for programs", "llms.txt", format!("- [{WORD}](a/index.md)\n")),
        seed("head of a page", "a/index.html", format!("<meta name=\"description\" content=\"{WORD}\">")),
        seed("robots", "robots.txt", format!("Disallow: /{WORD}/\n")),
        seed("Markdown", "a/index.md", format!("See [{WORD}](x.md).\n")),
        seed(
            "facet of search",
            "search/f.json",
            format!("{{\"owner\":{{\"{}\":\"A\"}}}}", WORD.to_lowercase()),
        ),
        seed("stem", "search/3f.json", "{\"words\":\"zebra zephyrquell zer\",\"groups\":\"AAA\"}"),
        seed("file name", &format!("files/{WORD}.txt"), "x"),
        seed("folder", &format!("{}/a/index.html", WORD.to_lowercase()), "x"),
        seed("file name in percent", "a/index.html", format!("src=\"{percent}.png\"")),
    ]
}

pub fn encoded() -> Vec<Seed> {
    let wrapped = standard(&format!("{}{WORD} at the end of it all", "so many words before ".repeat(6)));
    let lines = wrapped
        .as_bytes()
        .chunks(76)
        .map(|line| str::from_utf8(line).unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    vec![
        seed("base64 at 0", "a.txt", standard(&format!("{WORD}, so it is"))),
        seed("base64 at 1", "a.txt", standard(&format!("a{WORD}, so it is"))),
        seed("base64 at 2", "a.txt", standard(&format!("ab{WORD}, so it is"))),
        seed("base64 for addresses", "a.txt", base64(format!("?>?>{WORD}?>?>").as_bytes(), b"-_")),
        seed("base64 in lines", "a.txt", lines),
        seed(
            "base64 in a path",
            "a/index.html",
            format!("<img src=\"/p/{}\">", standard(&format!("ab{WORD}!"))),
        ),
        seed(
            "data address",
            "x.css",
            format!(
                "url(data:image/svg+xml;base64,{})",
                standard(&format!("<svg><desc>{WORD}</desc></svg>"))
            ),
        ),
        seed("gzip", "search.json.gz", gzip(format!("a {WORD} b").as_bytes())),
        seed("zlib", "a.bin", framed(&noise(99), &zlib(format!("a {WORD} b").as_bytes()))),
        seed(
            "gzip in base64",
            "a.json",
            format!("{{\"x\": \"{}\"}}", base64(&gzip(format!("a {WORD} b").as_bytes()), b"+/")),
        ),
        seed(
            "JSON in gzip",
            "a.gz",
            gzip(format!("{{\"a\": \"{}\"}}", WORD.replace('e', "\\u0065")).as_bytes()),
        ),
        seed("UTF-16, small end", "a.txt", utf16(&format!("\u{feff}a {WORD} b"), u16::to_le_bytes)),
        seed("UTF-16, big end", "a.txt", utf16(&format!("\u{feff}a {WORD} b"), u16::to_be_bytes)),
    ]
}

pub fn documents() -> Vec<Seed> {
    let author: Vec<u8> = [b"Author\0".as_slice(), WORD.as_bytes()].concat();
    let packed = [b"Comment\0\0".as_slice(), &zlib(format!("by {WORD}").as_bytes())].concat();
    let stream = [
        b"%PDF-1.7\n1 0 obj <</Length 9/Filter/FlateDecode>>\nstream\n".as_slice(),
        &zlib(format!("BT ({WORD}) Tj ET").as_bytes()),
        b"\nendstream",
    ]
    .concat();
    vec![
        seed("PNG text", "a.png", png(b"tEXt", &author)),
        seed("PNG packed text", "a.png", png(b"zTXt", &packed)),
        seed("EXIF", "a.jpg", framed(b"\xff\xd8\xff\xe1\0\x40Exif\0\0II*\0\x08\0\0\0", WORD.as_bytes())),
        seed(
            "XMP",
            "a.jpg",
            framed(
                b"\xff\xd8\xff\xe1http://ns.adobe.com/xap/1.0/\0",
                format!("<dc:creator>{}</dc:creator>", WORD.replace('q', "&#113;")).as_bytes(),
            ),
        ),
        seed("PDF author", "a.pdf", framed(b"%PDF-1.7\n<</Author(", format!("{WORD})>>").as_bytes())),
        seed("PDF text", "a.pdf", stream),
        seed("SVG", "a.svg", format!("<svg><metadata><rdf:li>{WORD}</rdf:li></metadata></svg>")),
        seed("SVG text", "a.svg", "<svg><text>Zephyr<tspan dx=\"1\">quellen</tspan></text></svg>"),
        seed(
            "document",
            "a.docx",
            zip("word/document.xml", format!("<w:t>Zephyr</w:t><w:t>x</w:t><w:t>{WORD}</w:t>").as_bytes()),
        ),
        seed("member's name", "a.zip", zip(&format!("{WORD}.txt"), b"x")),
        seed(
            "source map",
            "a.js",
            format!(
                "//# sourceMappingURL=data:application/json;base64,{}",
                standard(&format!("{{\"sources\":[\"{WORD}.ts\"]}}"))
            ),
        ),
    ]
}

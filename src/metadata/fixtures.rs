//! Small files of each format for tests: `loud` ones with a token in every place for metadata, `quiet` ones without.
//!
//! The files have the structure of their format, but browsers need not be able to show them. The unit tests and the
//! test of whole builds share them.

/// The text that must not be in a cleaned file.
pub const TOKEN: &str = "canary-4711";

/// Whether bytes contain a text.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

/// EXIF with an orientation, an owner, a place and a thumbnail.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut out = b"MM\0\x2A\0\0\0\x08\0\x03".to_vec();
    out.extend(b"\x01\x12\0\x03\0\0\0\x01\0");
    out.extend([orientation, 0, 0]);
    out.extend(b"\x01\x3B\0\x02\0\0\0\x0B\0\0\0\x32\x88\x25\0\x04\0\0\0\x01\0\0\0\x32\0\0\0\0");
    out.extend(TOKEN.as_bytes());
    out.extend(b"\xFF\xD8\xFF\xDA\0\x02thumbnail\xFF\xD9");
    out
}

pub fn xmp() -> Vec<u8> {
    format!("<x:xmpmeta><rdf:RDF><dc:creator>{TOKEN}</dc:creator></rdf:RDF></x:xmpmeta>").into()
}

pub fn zlib(data: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(data.len() + 100);
    let mut pack = flate2::Compress::new(flate2::Compression::fast(), true);
    pack.compress_vec(data, &mut packed, flate2::FlushCompress::Finish).expect("there is room");
    packed
}

fn png_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = (data.len() as u32).to_be_bytes();
    [&length, kind, data, &sum.sum().to_be_bytes()].concat()
}

/// A PNG of one grey pixel, with these chunks before its data.
pub fn png_with(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    out.extend(png_chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"));
    chunks.iter().for_each(|(kind, data)| out.extend(png_chunk(*kind, data)));
    out.extend(png_chunk(b"IDAT", &zlib(&[0, 128])));
    out.extend(png_chunk(b"IEND", b""));
    out
}

pub fn png_quiet() -> Vec<u8> {
    let profile = [b"icc\0\0".as_slice(), &zlib(b"colours")].concat();
    png_with(&[(b"gAMA", b"\0\0\xB1\x8F"), (b"iCCP", &profile), (b"acTL", b"\0\0\0\x01\0\0\0\0")])
}

pub fn png_loud() -> Vec<u8> {
    let text = [b"Author\0", TOKEN.as_bytes()].concat();
    let packed = [b"Comment\0\0".as_slice(), &zlib(TOKEN.as_bytes())].concat();
    let international = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), &xmp()].concat();
    let profile = [TOKEN.as_bytes(), b"\0\0", &zlib(b"colours")].concat();
    let palette = [TOKEN.as_bytes(), b"\0\x08"].concat();
    let mut out = png_with(&[
        (b"tEXt", &text),
        (b"gAMA", b"\0\0\xB1\x8F"),
        (b"zTXt", &packed),
        (b"iTXt", &international),
        (b"eXIf", &exif(1)),
        (b"iCCP", &profile),
        (b"sPLT", &palette),
        (b"acTL", b"\0\0\0\x01\0\0\0\0"),
        (b"tIME", b"\x07\xE9\x01\x01\0\0\0"),
        (b"prVt", TOKEN.as_bytes()),
        (b"sRGB", TOKEN.as_bytes()),
    ]);
    out.extend(png_chunk(b"IDAT", TOKEN.as_bytes()));
    out
}

fn jpeg_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xFF, marker], &((body.len() + 2) as u16).to_be_bytes()[..], body].concat()
}

/// The structure of a JPEG, without data that could be decoded.
pub fn jpeg_quiet() -> Vec<u8> {
    [
        b"\xFF\xD8".to_vec(),
        jpeg_segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
        jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
        jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"),
        jpeg_segment(0xDB, b"\0quantisation"),
        jpeg_segment(0xC2, b"frame"),
        jpeg_segment(0xDA, b"scan 1"),
        b"data\xFF\0data\xFF\xD0data".to_vec(),
        jpeg_segment(0xDA, b"scan 2"),
        b"data\xFF\xD9".to_vec(),
    ]
    .concat()
}

pub fn jpeg_loud(orientation: u8) -> Vec<u8> {
    let body = |head: &[u8]| [head, TOKEN.as_bytes()].concat();
    let exif = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), &xmp()].concat();
    [
        b"\xFF\xD8".to_vec(),
        jpeg_segment(0xE0, &body(b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02")),
        jpeg_segment(0xE0, &body(b"JFXX\0\x10")),
        jpeg_segment(0xE1, &exif),
        jpeg_segment(0xE1, &xmp),
        jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
        jpeg_segment(0xE2, &body(b"MPF\0")),
        jpeg_segment(0xED, &body(b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1C\x02\x50")),
        jpeg_segment(0xEE, &body(b"Adobe\0\x64\0\0\0\0\x01")),
        jpeg_segment(0xFE, &body(b"comment ")),
        jpeg_segment(0xEB, &body(b"JP")),
        TOKEN.as_bytes().to_vec(),
        jpeg_segment(0xDB, b"\0quantisation"),
        jpeg_segment(0xC2, b"frame"),
        jpeg_segment(0xDA, b"scan 1"),
        b"data\xFF\0data\xFF\xD0data".to_vec(),
        jpeg_segment(0xFE, &body(b"between scans ")),
        jpeg_segment(0xDA, b"scan 2"),
        b"data\xFF\xD9".to_vec(),
        body(b"\xFF\xD8\xFF\xDA\0\x02second picture"),
    ]
    .concat()
}

pub fn gif_quiet() -> Vec<u8> {
    let mut out = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec();
    out.extend(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0");
    for _ in 0..2 {
        out.extend(b"\x21\xF9\x04\0\x0A\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    out.push(0x3B);
    out
}

pub fn gif_loud() -> Vec<u8> {
    let quiet = gif_quiet();
    let (head, images) = quiet.split_at(38);
    let block = |head: &[u8]| [head, &[TOKEN.len() as u8], TOKEN.as_bytes(), &[0]].concat();
    [
        &head[..19],
        &block(b"\x21\xFE"),
        &head[19..],
        &block(b"\x21\xFF\x0BXMP DataXMP"),
        b"\x21\xF9\x04\0\x0A\0\0\0",
        &block(b"\x21\x01\x0C\0\0\0\0\0\0\0\0\0\0\0\0"),
        &block(b"\x21\x77"),
        images,
        TOKEN.as_bytes(),
    ]
    .concat()
}

fn riff_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let pad = vec![0; data.len() % 2];
    [kind, &(data.len() as u32).to_le_bytes(), data, &pad].concat()
}

fn riff(form: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    riff_chunk(b"RIFF", &[form, &chunks.concat()].concat())
}

pub fn webp_quiet() -> Vec<u8> {
    let frame = [b"0123456789abcdef".to_vec(), riff_chunk(b"ALPH", b"alpha"), riff_chunk(b"VP8 ", b"frame")];
    let head = b"\x32\0\0\0\0\0\0\0\0\0";
    let chunks = [riff_chunk(b"VP8X", head), riff_chunk(b"ICCP", b"colours"), riff_chunk(b"ANIM", b"colour")];
    riff(b"WEBP", &[chunks.concat(), riff_chunk(b"ANMF", &frame.concat())])
}

pub fn webp_loud(orientation: u8) -> Vec<u8> {
    let token = TOKEN.as_bytes();
    let frame = [
        b"0123456789abcdef".to_vec(),
        riff_chunk(b"ALPH", b"alpha"),
        riff_chunk(b"VP8 ", b"frame"),
        riff_chunk(b"note", token),
    ];
    let chunks = [
        riff_chunk(b"VP8X", &[b"\x3E\0\0\0\0\0\0\0\0\0", token].concat()),
        riff_chunk(b"ICCP", b"colours"),
        riff_chunk(b"ANIM", &[b"colour", token].concat()),
        riff_chunk(b"ANMF", &frame.concat()),
        riff_chunk(b"EXIF", &exif(orientation)),
        riff_chunk(b"XMP ", &xmp()),
        riff_chunk(b"note", token),
    ];
    [riff(b"WEBP", &chunks), token.to_vec()].concat()
}

pub fn ico_loud() -> Vec<u8> {
    let picture = png_loud();
    let length = (picture.len() as u32).to_le_bytes();
    let offset = (22 + TOKEN.len() as u32).to_le_bytes();
    let head = [b"\0\0\x01\0\x01\0\x01\x01\0\0\x01\0\x08\0".as_slice(), &length, &offset].concat();
    [&head, TOKEN.as_bytes(), &picture].concat()
}

fn part(kind: &[u8], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), kind, content].concat()
}

/// An AVIF image with one picture, EXIF and XMP.
pub fn avif_loud() -> Vec<u8> {
    let (exif, xmp) = (exif(6), xmp());
    let picture = b"the picture";
    let entry = |item: u8, kind: &[u8], rest: &[u8]| {
        part(b"infe", &[&[2, 0, 0, 0, 0, item, 0, 0], kind, rest].concat())
    };
    let entries =
        [entry(1, b"av01", b"\0"), entry(2, b"Exif", b"\0"), entry(3, b"mime", b"\0application/rdf+xml\0")];
    let iinf = part(b"iinf", &[b"\0\0\0\0\0\x03".to_vec(), entries.concat()].concat());
    let hdlr =
        part(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0", TOKEN.as_bytes(), b"\0"].concat());
    let meta = |start: usize| {
        let place = |item: u8, offset: usize, length: usize| {
            let numbers = [(start + offset) as u32, length as u32].map(u32::to_be_bytes).concat();
            [&[0, item, 0, 0, 0, 0, 0, 1][..], &numbers].concat()
        };
        let places = [
            place(1, 0, picture.len()),
            place(2, picture.len(), exif.len()),
            place(3, picture.len() + exif.len(), xmp.len()),
        ];
        let iloc = part(b"iloc", &[b"\x01\0\0\0\x44\0\0\x03".to_vec(), places.concat()].concat());
        part(b"meta", &[b"\0\0\0\0".to_vec(), hdlr.clone(), iinf.clone(), iloc].concat())
    };
    let front =
        [part(b"ftyp", b"avif\0\0\0\0mif1"), part(b"uuid", &[&[7; 16], TOKEN.as_bytes()].concat())].concat();
    let start = front.len() + meta(0).len() + 8;
    [front, meta(start), part(b"mdat", &[picture.as_slice(), &exif, &xmp].concat())].concat()
}

pub fn svg_quiet() -> Vec<u8> {
    SVG.replace("[loud]", "").replace("[layer]", "").replace("[content]", "").replace("[root]", "").into()
}

const SVG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>[loud]<svg xmlns=\"http://www.w3.org/2000/svg\" \
    xmlns:xlink='http://www.w3.org/1999/xlink'[root]><title>Net</title>[content]<desc>Two hosts</desc>\
    <style>.a {fill:red}</style><g id=\"a\"[layer]><path d='M0 0'/><use xlink:href=\"#a\"/></g></svg>";

pub fn svg_loud() -> Vec<u8> {
    let root = format!(
        " xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' xmlns:f=\"https://www.figma.com/{TOKEN}\" \
        xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' inkscape:export-filename='/home/{TOKEN}/a.png' \
        content=\"&lt;mxfile agent=&quot;{TOKEN}\""
    );
    let content = format!(
        "<!-- {TOKEN} --><metadata><rdf:RDF><a>{TOKEN}</a></rdf:RDF></metadata><metadata a='{TOKEN}'/>\
        <?editor {TOKEN}?><inkscape:view a='{TOKEN}'><path d='{TOKEN}'/></inkscape:view><f:x>{TOKEN}</f:x>"
    );
    let loud = format!("<!DOCTYPE svg [<!ATTLIST svg a CDATA '{TOKEN}'>]><!--{TOKEN}-->");
    let layer = format!(" inkscape:label='{TOKEN}' data-name=\"{TOKEN}\" f:id='{TOKEN}'");
    let text = SVG.replace("[root]", &root).replace("[content]", &content).replace("[loud]", &loud);
    let text = text.replace("[layer]", &layer).replace(" {fill", &format!("/* {TOKEN} */{{fill"));
    (text + &format!("<!-- {TOKEN} -->")).into()
}

//! Small files of each format for tests, once with a token in every place where metadata can stand, once without.
//!
//! Owns what a file of a format looks like, not whether a browser could show it. Tests beside the code and the one
//! over whole builds share it.

/// What must not come through.
pub const TOKEN: &str = "canary-4711";

/// Whether the text stands anywhere in the bytes.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

/// EXIF with an owner, a place and a thumbnail.
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

/// One grey pixel, with these chunks before its data.
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

/// The form of a JPEG; not one that could be decoded.
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

pub fn wav_loud() -> Vec<u8> {
    let token = TOKEN.as_bytes();
    let list = [b"INFO".to_vec(), riff_chunk(b"IART", token)].concat();
    let chunks = [
        riff_chunk(b"bext", token),
        riff_chunk(b"fmt ", b"form"),
        riff_chunk(b"LIST", &list),
        riff_chunk(b"data", b"samples"),
    ];
    [riff(b"WAVE", &chunks), token.to_vec()].concat()
}

pub fn ico_loud() -> Vec<u8> {
    let picture = png_loud();
    let length = (picture.len() as u32).to_le_bytes();
    let offset = (22 + TOKEN.len() as u32).to_le_bytes();
    let head = [b"\0\0\x01\0\x01\0\x01\x01\0\0\x01\0\x08\0".as_slice(), &length, &offset].concat();
    [&head, TOKEN.as_bytes(), &picture].concat()
}

pub fn mp3_quiet() -> Vec<u8> {
    b"\xFF\xFB\x90\x64frames of sound".to_vec()
}

pub fn mp3_loud() -> Vec<u8> {
    let tag =
        |version: u8| [b"ID3", &[version, 0, 0, 0, 0, 0, TOKEN.len() as u8][..], TOKEN.as_bytes()].concat();
    let mut old = [b"TAG", TOKEN.as_bytes()].concat();
    old.resize(128, 0);
    let mut ape = [TOKEN.as_bytes(), b"APETAGEX\xD0\x07\0\0"].concat();
    ape.extend((TOKEN.len() as u32 + 32).to_le_bytes());
    ape.extend([0; 16]);
    [tag(4), tag(3), vec![0; 3], mp3_quiet(), ape, old].concat()
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

/// A film with one track of this sort.
pub fn mp4_loud(sort: &[u8; 4]) -> Vec<u8> {
    let token = TOKEN.as_bytes();
    let handler = [b"\0\0\0\0\0\0\0\0", sort.as_slice(), &[0; 12], token, b"\0"].concat();
    let times = [&[0; 4], &token[..8], &[0; 12]].concat();
    let user = part(b"udta", &part(b"\xA9xyz", token));
    let media = part(b"mdia", &[part(b"mdhd", &times), part(b"hdlr", &handler)].concat());
    let track = part(b"trak", &[part(b"tkhd", &times), media, user.clone(), part(b"meta", token)].concat());
    let film = part(b"moov", &[part(b"mvhd", &times), track, user.clone(), vec![0; 4]].concat());
    let long = [b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x18".as_slice(), b"the film"].concat();
    [part(b"ftyp", b"isom\0\0\0\0"), part(b"uuid", token), film, long, user, part(b"meta", token)].concat()
}

fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &(1 << 56 | content.len() as u64).to_be_bytes(), content].concat()
}

pub fn webm_loud() -> Vec<u8> {
    let token = TOKEN.as_bytes();
    let info = element(
        b"\x15\x49\xA9\x66",
        &[element(b"\x7B\xA9", token), element(b"\x44\x61", &token[..8])].concat(),
    );
    let track = element(b"\xAE", &[element(b"\xD7", &[1]), element(b"\x53\x6E", token)].concat());
    let tracks = element(b"\x16\x54\xAE\x6B", &track);
    let block = element(b"\xA3", b"the film");
    let unknown = [b"\x1F\x43\xB6\x75\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec(), block].concat();
    let tags = element(b"\x12\x54\xC3\x67", token);
    let files = element(b"\x19\x41\xA4\x69", token);
    let segment = element(b"\x18\x53\x80\x67", &[info, tracks, unknown, tags, files].concat());
    [element(b"\x1A\x45\xDF\xA3", b"webm"), segment].concat()
}

pub fn ogg(comments: &[&str]) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    let count = (comments.len() as u32).to_le_bytes();
    let list: Vec<u8> = comments.iter().flat_map(|comment| text(comment)).collect();
    [b"OggS\0\x02OpusHead OggSOpusTags".as_slice(), &text("libopus"), &count, &list].concat()
}

/// A document of these objects.
pub fn pdf(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    for (number, part) in (1..).zip(parts) {
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend_from_slice(part);
        out.extend(b"\nendobj\n");
    }
    out.extend(b"trailer << /Info 1 0 R >>\n%%EOF\n");
    out
}

/// An archive, every second part packed.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for (number, (name, content)) in parts.iter().enumerate() {
        let packed = zlib(content);
        let (method, data) =
            if number % 2 == 0 { (0, *content) } else { (8u8, &packed[2..packed.len() - 4]) };
        let sizes = [data.len() as u32, content.len() as u32].map(u32::to_le_bytes).concat();
        let length = (name.len() as u16).to_le_bytes();
        let about =
            [&[20, 0, 0, 0, method, 0, 0, 0, 0, 0, 0, 0, 0, 0], sizes.as_slice(), &length, &[0, 0]].concat();
        let offset = (out.len() as u32).to_le_bytes();
        list.extend([b"PK\x01\x02\x14\0", about.as_slice(), &[0; 10], &offset, name.as_bytes()].concat());
        out.extend([b"PK\x03\x04", about.as_slice(), name.as_bytes(), data].concat());
    }
    let count = (parts.len() as u16).to_le_bytes();
    let place = [list.len() as u32, out.len() as u32].map(u32::to_le_bytes).concat();
    [out, list, [b"PK\x05\x06\0\0\0\0", &count[..], &count, &place, &[0, 0]].concat()].concat()
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

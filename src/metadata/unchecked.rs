//! Files with metadata that is not checked, and that are published as they are.
//!
//! Owns the types of these files, and the advice on how to clean each.

/// A type of file whose metadata is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchecked {
    /// Sound and film.
    Media,
    /// Texts, tables and slides of office programs.
    Office,
    Pdf,
}

impl Unchecked {
    /// The type of a file by the extension of its name, in lower case; `None` for all other files.
    pub fn by_extension(extension: &str) -> Option<Unchecked> {
        Some(match extension {
            "m4a" | "m4v" | "mov" | "mp3" | "mp4" | "oga" | "ogg" | "ogv" | "opus" | "wav" | "webm" => {
                Unchecked::Media
            }
            "docx" | "odg" | "odp" | "ods" | "odt" | "pptx" | "xlsx" => Unchecked::Office,
            "pdf" => Unchecked::Pdf,
            _ => return None,
        })
    }

    /// The metadata that such a file may contain, to be written after its name.
    pub fn message(self) -> &'static str {
        match self {
            Unchecked::Media => {
                "is published as it is: its metadata, such as people, places and times, is not checked"
            }
            Unchecked::Office => {
                "is published as it is: its metadata, such as authors and tracked changes, is not checked"
            }
            Unchecked::Pdf => "is published as it is: its metadata, such as the author, is not checked",
        }
    }

    /// What its author can do to clean it, as a sentence.
    pub fn way_out(self) -> &'static str {
        match self {
            Unchecked::Media => {
                "Write it without metadata: `ffmpeg -i FILE -map 0:v? -map 0:a? -map_metadata -1 -c copy NEW`."
            }
            Unchecked::Office => {
                "In Word, Excel or PowerPoint use File › Info › Inspect Document, in LibreOffice File › Properties › \
                 Reset Properties, and accept or reject all changes; `exiftool FILE` shows what is left. Or publish a PDF."
            }
            Unchecked::Pdf => {
                "Run `exiftool -all= FILE`, then `qpdf --linearize FILE NEW`: without the second step everything \
                 can be recovered."
            }
        }
    }
}

//! Files that may say more than they show, and that are published as they are.
//!
//! Owns which sorts of files these are, and the program that cleans each.

/// A sort of file whose metadata is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchecked {
    /// Sound and film.
    Media,
    /// Text, tables and slides of office programs.
    Office,
    Pdf,
}

impl Unchecked {
    /// The sort of a file by the extension of its name, in lower case; `None` for files of all other sorts.
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

    /// What such a file may tell, to be written after its name.
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

    /// How its author cleans it and says so.
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
                "Run `exiftool -all= FILE`, then `qpdf --linearize FILE NEW`: without the second step all can be \
                 brought back."
            }
        }
    }
}

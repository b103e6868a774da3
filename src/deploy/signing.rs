//! Signatures of requests, made by graviola. It is Rust and assembly inside of Rust, so that no C compiler is needed. `tls`
//! sets up the encryption of connections.

use object_store::client::{
    CryptoProvider, DigestAlgorithm, DigestContext, HmacContext, Signer, SigningAlgorithm,
};

use graviola::hashing::hmac::Hmac;
use graviola::hashing::{Hash, HashContext, HashOutput, Sha256};

/// SHA-256 for the signatures of S3.
#[derive(Debug)]
pub(super) struct RequestSigning;

struct Digest {
    context: Option<<Sha256 as Hash>::Context>,
    output: Option<HashOutput>,
}

struct Mac {
    context: Option<Hmac<Sha256>>,
    output: Option<HashOutput>,
}

impl CryptoProvider for RequestSigning {
    fn digest(&self, _: DigestAlgorithm) -> object_store::Result<Box<dyn DigestContext>> {
        Ok(Box::new(Digest { context: Some(Sha256::new()), output: None }))
    }

    fn hmac(&self, _: DigestAlgorithm, secret: &[u8]) -> object_store::Result<Box<dyn HmacContext>> {
        Ok(Box::new(Mac { context: Some(Hmac::new(secret)), output: None }))
    }

    fn sign(&self, _: SigningAlgorithm, _: &[u8]) -> object_store::Result<Box<dyn Signer>> {
        let source = "S3 signs without private keys".into();
        Err(object_store::Error::NotSupported { source })
    }
}

impl DigestContext for Digest {
    fn update(&mut self, data: &[u8]) {
        if let Some(context) = &mut self.context {
            context.update(data);
        }
    }

    fn finish(&mut self) -> object_store::Result<&[u8]> {
        let output = self.context.take().map(HashContext::finish);
        finished(&mut self.output, output)
    }
}

impl HmacContext for Mac {
    fn update(&mut self, data: &[u8]) {
        if let Some(context) = &mut self.context {
            context.update(data);
        }
    }

    fn finish(&mut self) -> object_store::Result<&[u8]> {
        let output = self.context.take().map(Hmac::finish);
        finished(&mut self.output, output)
    }
}

/// The output, which outlives the context that made it.
fn finished(kept: &mut Option<HashOutput>, output: Option<HashOutput>) -> object_store::Result<&[u8]> {
    if output.is_some() {
        *kept = output;
    }
    let source =
        || object_store::Error::Generic { store: "S3", source: "a digest without a beginning".into() };
    kept.as_ref().map(HashOutput::as_ref).ok_or_else(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples of FIPS 180-2 and RFC 4231.
    #[test]
    fn digests_and_signatures_are_those_of_the_standards() {
        let mut digest = RequestSigning.digest(DigestAlgorithm::Sha256).unwrap();
        digest.update(b"a");
        digest.update(b"bc");
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(digest.finish().unwrap()), wanted);
        assert_eq!(hex(digest.finish().unwrap()), wanted);
        let mut mac = RequestSigning.hmac(DigestAlgorithm::Sha256, b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let wanted = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(mac.finish().unwrap()), wanted);
    }
}

//! A folder with the stores and CRLs of others, such as R3's PKI tool writes: `key-stores/`, `trust-stores/`,
//! `crl-files/`.

use std::io::Read as _;
use std::path::Path;

use certificates::Lifespan;
use certificates::inspection::{CrlInput, Inspection, StoreInput, inspect};
use jiff::Timestamp;

use crate::arguments::StoreArguments;
use crate::failure::Failure;
use crate::store_passwords::{Passwords, StorePasswords};

/// More than any store, and little enough to read by mistake.
const LARGEST: u64 = 4 * 1024 * 1024;
/// `key-stores/a.jks` lies one folder deep; R3's charts mount theirs one deeper.
const DEEPEST: usize = 3;

/// What lies in a folder, with what opens it.
pub(crate) struct StoreDirectory {
    stores: Vec<(String, Vec<u8>, Passwords)>,
    crls: Vec<(String, Vec<u8>)>,
}

impl StoreDirectory {
    /// Reads a folder and asks for passwords where no file gives them.
    pub(crate) fn read(directory: &Path, arguments: &StoreArguments) -> Result<Self, Failure> {
        let mut files = Vec::new();
        collect(directory, "", DEEPEST, &mut files).map_err(|error| {
            Failure::failed(
                "the folder with stores cannot be read",
                error,
                "give a folder whose files this user may read",
            )
        })?;
        files.sort();
        let (crls, stores): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(name, _)| extension(name) == "crl");
        if stores.is_empty() {
            return Err(Failure::WrongInput {
                message: format!("`{}` holds no key store", directory.display()),
                help: "give the folder that holds `key-stores` and `trust-stores`".to_owned(),
            });
        }
        let mut passwords = StorePasswords::of(arguments)?;
        let stores = stores
            .into_iter()
            .map(|(name, bytes)| {
                let password = passwords.of_store(&name)?;
                Ok((name, bytes, password))
            })
            .collect::<Result<_, Failure>>()?;
        passwords.all_used()?;
        Ok(Self { stores, crls })
    }

    /// Looks through everything.
    pub(crate) fn inspect(&self, now: Timestamp) -> Inspection {
        inspect(&self.stores(), &self.crls(), now)
    }

    /// The stores, with what opens them.
    pub(crate) fn stores(&self) -> Vec<StoreInput<'_>> {
        self.stores
            .iter()
            .map(|(name, bytes, passwords)| StoreInput {
                name,
                bytes,
                password: &passwords.store,
                key_password: &passwords.key,
            })
            .collect()
    }

    /// The CRLs.
    pub(crate) fn crls(&self) -> Vec<CrlInput<'_>> {
        self.crls
            .iter()
            .map(|(name, bytes)| CrlInput { name, bytes })
            .collect()
    }

    /// Until when each CRL lives.
    pub(crate) fn crl_lifespans(&self) -> impl Iterator<Item = Lifespan> {
        self.crls
            .iter()
            .filter_map(|(name, bytes)| Lifespan::of_crl(name, bytes))
    }

    /// How many stores and CRLs there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.stores.len(), self.crls.len())
    }
}

fn collect(
    directory: &Path,
    below: &str,
    depth: usize,
    files: &mut Vec<(String, Vec<u8>)>,
) -> std::io::Result<()> {
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() && depth > 0 {
            collect(&path, &format!("{name}/"), depth - 1, files)?;
        } else if matches!(
            extension(&name).as_str(),
            "jks" | "p12" | "pfx" | "pkcs12" | "crl"
        ) {
            let mut bytes = Vec::new();
            fs_err::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
            files.push((name, bytes));
        }
    }
    Ok(())
}

fn extension(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase())
        .unwrap_or_default()
}

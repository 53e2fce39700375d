//! HSMs of the Signing Service.

use super::{
    endpoint::{Addresses, Caller, endpoint},
    secret,
};
use crate::{
    declared,
    decode::Located,
    diagnostic::{Diagnostic, Diagnostics},
    model::{CloudHsmDaemon, Endpoint, Hsm, HsmKind, SecretReference},
    node::Span,
    scalar::HostPort,
};

/// Where Microsoft's library logs a service principal in.
const LOGIN_HOST: &str = "login.microsoftonline.com";
/// The key group of R3's PKI tool (reference §2.2).
const DEFAULT_GROUP: &str = "PKI.TOOL.DEFAULT.HSM.GROUP";

pub(super) fn hsm(declared: &declared::Hsm, diagnostics: &mut Diagnostics) -> Option<Hsm> {
    if let Some(it) = &declared.azure_key_vault {
        let vault = it.vault.as_ref()?;
        return Some(Hsm {
            endpoint: signers(
                vault.value.host_port(),
                vault.span,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::AzureKeyVault {
                vault: vault.value.as_str().to_owned(),
                client_id: it.client_id.as_ref()?.value.clone(),
                tenant_id: it.tenant_id.as_ref()?.value.clone(),
                alias: it.alias.as_ref()?.value.clone(),
                key_store: in_the_cluster(it.key_store.as_ref()?, diagnostics)?,
                login: login(it, diagnostics)?,
                hardware: it.hardware.as_ref().is_none_or(|hardware| hardware.value),
            },
        });
    }
    if let Some(it) = &declared.aws_cloud_hsm {
        return Some(Hsm {
            endpoint: at(
                it.address.as_ref()?,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::AwsCloudHsm {
                user: it.user.as_ref()?.value.clone(),
                partition: it
                    .partition
                    .as_ref()
                    .map_or_else(|| "PARTITION_1".to_owned(), |partition| partition.value.clone()),
                daemon: daemon(it.daemon.as_ref()?, diagnostics)?,
            },
        });
    }
    if let Some(it) = &declared.utimaco {
        return Some(Hsm {
            endpoint: at(
                it.address.as_ref()?,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::Utimaco {
                user: it.user.as_ref()?.value.clone(),
                key_group: it
                    .key_group
                    .as_ref()
                    .map_or_else(|| DEFAULT_GROUP.to_owned(), |group| group.value.clone()),
                key_specifier: it
                    .key_specifier
                    .as_ref()
                    .and_then(|specifier| u32::try_from(specifier.value.0).ok())
                    .unwrap_or(1),
            },
        });
    }
    if let Some(it) = &declared.gemalto {
        return Some(Hsm {
            endpoint: at(
                it.address.as_ref()?,
                Addresses::of(&it.addresses, &it.written),
                diagnostics,
            ),
            password: secret::reference(it.password.as_ref()?)?,
            library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
            kind: HsmKind::Gemalto {
                slot: it.slot.as_ref()?.value.clone(),
                client: it.client.as_ref().map(|client| client.value.to_string()),
            },
        });
    }
    let it = declared.securosys.as_ref()?;
    Some(Hsm {
        endpoint: at(
            it.address.as_ref()?,
            Addresses::of(&it.addresses, &it.written),
            diagnostics,
        ),
        password: secret::reference(it.password.as_ref()?)?,
        library: secret::image_volume(it.library.as_ref()?, diagnostics)?,
        kind: HsmKind::Securosys {
            user: it.user.as_ref()?.value.clone(),
        },
    })
}

/// A file that is no text: neither a variable nor a file of the operator's side, which is read as text, can carry it.
fn in_the_cluster(
    declared: &declared::SecretReference,
    diagnostics: &mut Diagnostics,
) -> Option<SecretReference> {
    let reference = secret::reference(declared)?;
    if matches!(
        reference,
        SecretReference::Secret { .. } | SecretReference::External { .. }
    ) {
        return Some(reference);
    }
    diagnostics.push(
        Diagnostic::new(
            "topology::in-cluster-secret",
            declared.span,
            "the PKCS#12 file of a service principal is no text, as variables and files of the operator's side are",
        )
        .label("not in the cluster")
        .help("put it into a Secret of the Signing Service's namespace, and use `secret`; or use `external`"),
    );
    None
}

/// Where a service principal logs in, which CENM's block does not let anybody choose.
fn login(declared: &declared::AzureKeyVault, diagnostics: &mut Diagnostics) -> Option<Endpoint> {
    let address = HostPort {
        host: LOGIN_HOST.to_owned(),
        port: 443,
    };
    if !declared.written.contains(&"loginAddresses") {
        diagnostics.push(
            Diagnostic::new(
                "topology::no-addresses",
                declared.vault.as_ref()?.span,
                format!(
                    "nothing says where `{LOGIN_HOST}` is, where the service principal of a vault logs in; the Signing Service \
                     asks no DNS, and policies know no names"
                ),
            )
            .label("outside of the cluster")
            .help("add `loginAddresses:` with its IP addresses"),
        );
        return None;
    }
    let vault = declared.vault.as_ref()?;
    let addresses = Addresses::named("loginAddresses", &declared.login_addresses, &declared.written);
    Some(signers(address, vault.span, addresses, diagnostics))
}

fn daemon(declared: &declared::CloudHsmDaemon, diagnostics: &mut Diagnostics) -> Option<CloudHsmDaemon> {
    let folder = declared.socket_directory.as_ref()?;
    if !folder.value.starts_with('/')
        || folder
            .value
            .split('/')
            .skip(1)
            .any(|part| matches!(part, "" | "." | ".."))
    {
        diagnostics.push(
            Diagnostic::new(
                "topology::socket-directory",
                folder.span,
                format!("`{}` is no folder of a container", folder.value),
            )
            .label("not an absolute path")
            .help("write it as the daemon's settings do, e.g. `/run/cloudhsm`"),
        );
        return None;
    }
    Some(CloudHsmDaemon {
        image: declared.image.as_ref()?.value.clone(),
        socket_directory: folder.value.clone(),
    })
}

fn at(address: &Located<HostPort>, declared: Addresses<'_>, diagnostics: &mut Diagnostics) -> Endpoint {
    signers(address.value.clone(), address.span, declared, diagnostics)
}

fn signers(
    address: HostPort,
    span: Span,
    declared: Addresses<'_>,
    diagnostics: &mut Diagnostics,
) -> Endpoint {
    endpoint(address, span, declared, Caller::SigningService, diagnostics)
}

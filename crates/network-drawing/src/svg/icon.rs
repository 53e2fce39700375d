//! A small sign for each kind of component, in a square of 14 pixels.

/// The data of the path that is drawn for a kind.
pub(super) fn of(kind: &str) -> &'static str {
    match kind {
        // A globe.
        "outside" => "M7 1a6 6 0 1 0 .01 0M1 7H13M7 1C3.5 4 3.5 10 7 13C10.5 10 10.5 4 7 1",
        // A key.
        "signing-service" | "hsm" => "M4.5 4.5a2.8 2.8 0 1 0 .01 0M7 8.5L13 2.5M11 4.5L13 6.5M9 6.5L10.5 8",
        // A door.
        "gateway" => "M3 13V1.5H11V13M1 13H13M8.7 7V8",
        // A person.
        "auth" => "M7 1.5a2.6 2.6 0 1 0 .01 0M1.8 13C2 9.6 4 8.6 7 8.6S12 9.6 12.2 13Z",
        // Layers.
        "zone" => "M7 1.5L13 4.5L7 7.5L1 4.5ZM1 7.2L7 10.2L13 7.2M1 9.9L7 12.9L13 9.9",
        // A card.
        "identity-manager" => {
            "M1 2.5H13V11.5H1ZM4.3 4.8a1.3 1.3 0 1 0 .01 0M2.4 9.6C2.6 8.2 6 8.2 6.2 9.6M8 5.5H11.5M8 8.5H11.5"
        }
        // Places that are joined.
        "network-map" => {
            "M3 1.7a1.7 1.7 0 1 0 .01 0M11.3 3.2a1.7 1.7 0 1 0 .01 0M6 9.2a1.7 1.7 0 1 0 .01 0M4.6 3.8L9.6 4.6M3.6 5L5.4 9.4M10.3 6.4L7.2 9.8"
        }
        // A stamp.
        "notary" | "notary-worker" => {
            "M1.5 12.8H12.5M2.5 10.5V8.5H5.5V6C3.5 4 4.5 1.2 7 1.2S10.5 4 8.5 6V8.5H11.5V10.5Z"
        }
        // A house with pillars.
        "participant" => "M1 5L7 1.5L13 5ZM2 12.8H12M3 5.5V11M7 5.5V11M11 5.5V11",
        // A prompt.
        "rpc-client" => "M1 2H13V12H1ZM3.2 5L5.6 7L3.2 9M7 9.3H10.5",
        // Something that is run.
        "bootstrap" => "M3 1.5L12 7L3 12.5Z",
        // Bars.
        "prometheus" => "M1 13H13M3 12.5V8M6.3 12.5V4M9.6 12.5V6M12.3 12.5V1.5",
        // A cylinder.
        "database" => {
            "M2 3.2C2 .6 12 .6 12 3.2V10.8C12 13.4 2 13.4 2 10.8ZM2 3.2C2 5.8 12 5.8 12 3.2M2 7C2 9.6 12 9.6 12 7"
        }
        // A signpost.
        "cluster-dns" => "M7 13V1M3 2.5H11L13 4.2L11 6H3ZM11 7.5H4L2 9L4 10.5H11Z",
        // A wall.
        "bridge" | "float" | "firewall" => {
            "M1 2H13V12H1ZM1 5.3H13M1 8.6H13M7 2V5.3M4 5.3V8.6M10 5.3V8.6M7 8.6V12"
        }
        // Anything else.
        _ => "M7 1L12.5 4V10L7 13L1.5 10V4Z",
    }
}

/// Closed, and nobody has the key.
pub(super) const PADLOCK: &str = "M2.5 6.5H11.5V13H2.5ZM4.2 6.2V4.2C4.2 .2 9.8 .2 9.8 4.2V6.2M7 9V10.8";

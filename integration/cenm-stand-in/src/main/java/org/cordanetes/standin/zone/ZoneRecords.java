package org.cordanetes.standin.zone;

/** What the Zone Service keeps in its database. */
final class ZoneRecords {
    private ZoneRecords() {}

    /** A service that the zone has once: Identity Manager or Signing Service. Parts not set yet are null. */
    record Single(String token, String config, String address) {}

    /** A Network Map with its parameters. */
    record Subzone(int id, String label, String labelColor, String networkMapAddress, String token, String config,
                   String networkParameters) {}

    /** What {@code get-subzones} shows. */
    record SubzoneView(int id, String label, String labelColor, String networkMapAddress) {}

    /** A configuration and the token by which an Angel asks for it. */
    record Configured(String config, String token) {}
}

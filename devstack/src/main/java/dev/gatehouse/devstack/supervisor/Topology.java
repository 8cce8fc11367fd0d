package dev.gatehouse.devstack.supervisor;

import java.util.Map;

/**
 * What a platform that is to be hurt has beside the usual one.
 *
 * @param links whether a fault proxy stands on every {@link Link}
 * @param copies how many copies of a service start; one where nothing is said
 * @param bothCompilers whether the services' JVMs may take the time to become fast
 * @param databaseMebibytes size of a memory disk under PostgreSQL's data, for root only; 0: none
 */
record Topology(boolean links, Map<Service, Integer> copies, boolean bothCompilers, int databaseMebibytes) {

    static final Topology USUAL = new Topology(false, Map.of(), false, 0);

    Topology {
        copies = Map.copyOf(copies);
        copies.forEach((service, count) -> {
            if (count < 1) {
                throw new IllegalArgumentException("At least one copy of " + service.module() + ", not " + count);
            }
        });
    }

    int copiesOf(Service service) {
        return copies.getOrDefault(service, 1);
    }
}

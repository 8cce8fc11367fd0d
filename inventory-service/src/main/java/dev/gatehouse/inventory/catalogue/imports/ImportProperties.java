package dev.gatehouse.inventory.catalogue.imports;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** @param maxSize of an import's body; memory does not depend on it */
@ConfigurationProperties("inventory.import")
record ImportProperties(@DefaultValue("256MB") DataSize maxSize) {

    ImportProperties {
        if (maxSize.toBytes() < 1) {
            throw new IllegalArgumentException("inventory.import.max-size must be positive");
        }
    }
}

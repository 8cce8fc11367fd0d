package dev.gatehouse.inventory.catalogue;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;

/** New ids: UUIDv7 (RFC 9562), so that new rows go to the end of the primary key's index. */
final class FilmIds {

    private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

    private FilmIds() {}

    static UUID next() {
        return GENERATOR.generate();
    }
}

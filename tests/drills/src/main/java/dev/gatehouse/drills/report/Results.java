package dev.gatehouse.drills.report;

import dev.gatehouse.drills.campaign.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The last result of each drill, kept as JSON beside the page that is made from it. */
public final class Results {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;

    public Results(Path file) {
        this.file = file;
    }

    /** All results, by name. */
    public List<Result> all() {
        if (!Files.exists(file)) {
            return List.of();
        }
        return JSON.readValue(file.toFile(), new TypeReference<List<Result>>() {});
    }

    /** Puts a result in the place of the same drill's last one. */
    public void keep(Result result) {
        List<Result> kept = new ArrayList<>(all());
        kept.removeIf(each -> each.name().equals(result.name()) && each.broker().equals(result.broker()));
        kept.add(result);
        kept.sort(Comparator.comparing(Result::name).thenComparing(Result::broker));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writeValueAsString(kept) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

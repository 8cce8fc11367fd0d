package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the repository that no compiler holds. */
class RepositoryTests {

    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern MAKE_TARGET = Pattern.compile("`make ([a-z][a-z-]+)");
    /** The constants of the three {@code ProblemType} enums are the slugs, written in capitals. */
    private static final Pattern PROBLEM_TYPE = Pattern.compile("(?m)^    ([A-Z_]{4,})\\(");

    private static final List<String> ADR_HEADINGS = List.of(
            "## Context and problem", "## Options considered", "## Decision", "## Consequences", "## Confirmation");

    @Test
    void everyRelativeLinkInTheDocumentsResolves() {
        List<String> dead = new ArrayList<>();
        for (Path document : Repository.files(".md")) {
            Matcher link = LINK.matcher(Repository.read(document));
            while (link.find()) {
                String target = link.group(1);
                if (target.matches("[a-z]+:.*")) {
                    continue;
                }
                Path resolved = Repository.ROOT.resolve(document).resolveSibling(target);
                if (!Files.exists(resolved)) {
                    dead.add(document + " -> " + target);
                }
            }
        }

        assertThat(dead).isEmpty();
    }

    @Test
    void everyMakeTargetThatADocumentNamesExists() {
        String makefile = Repository.read(Path.of("Makefile"));
        Set<String> missing = new TreeSet<>();
        for (Path document : Repository.files(".md")) {
            Matcher named = MAKE_TARGET.matcher(Repository.read(document));
            while (named.find()) {
                if (!Pattern.compile("(?m)^" + named.group(1) + ":")
                        .matcher(makefile)
                        .find()) {
                    missing.add(document + ": make " + named.group(1));
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void everyDecisionRecordHasItsHeadingsAndStandsInTheIndex() {
        String index = Repository.read(Path.of("docs/adr/README.md"));
        List<Path> records = Repository.files(".md").stream()
                .filter(path -> path.startsWith("docs/adr"))
                .filter(path -> !path.endsWith("README.md"))
                .toList();

        assertThat(records).isNotEmpty().allSatisfy(record -> {
            assertThat(Repository.read(record)).startsWith("---\nstatus: ").contains(ADR_HEADINGS);
            assertThat(Repository.read(record).lines().count()).isLessThanOrEqualTo(60);
            assertThat(index).contains("(" + record.getFileName() + ")");
        });
    }

    @Test
    void theCatalogueOfProblemsNamesExactlyTheTypesInTheCode() {
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|").matcher(Repository.read(Path.of("docs/problems.md")));
        while (row.find()) {
            documented.add(row.group(1));
        }

        Set<String> inTheCode = new TreeSet<>();
        for (Path types : Repository.files("ProblemType.java")) {
            Matcher constant = PROBLEM_TYPE.matcher(Repository.read(types));
            while (constant.find()) {
                inTheCode.add(constant.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }

        assertThat(inTheCode).isNotEmpty();
        assertThat(documented).isEqualTo(inTheCode);
    }

    @Test
    void everyImageTagIsPinned() {
        List<String> floating = new ArrayList<>();
        Pattern image = Pattern.compile("(?m)^\\s*(?:FROM|image:)\\s+(\\S+)");
        for (Path path : Repository.files()) {
            String name = path.getFileName().toString();
            if (!name.equals("Dockerfile") && !name.equals("compose.yaml")) {
                continue;
            }
            Matcher reference = image.matcher(Repository.read(path));
            while (reference.find()) {
                String tag = reference.group(1);
                boolean stage = Repository.read(path).contains(" AS " + tag);
                if (!stage && (!tag.contains(":") || tag.endsWith(":latest"))) {
                    floating.add(path + ": " + tag);
                }
            }
        }

        assertThat(floating).isEmpty();
    }

    @Test
    void noSecretPrivateKeyOrRegistryHostIsCommitted() {
        // Assembled, so that this file does not find itself.
        Pattern forbidden = Pattern.compile(String.join(
                "|",
                "BEGIN (RSA |EC |OPENSSH )?PRIVATE " + "KEY",
                "AKIA" + "[0-9A-Z]{16}",
                "sk_(live|test)_" + "[0-9a-zA-Z]{16,}",
                "repo1?\\.maven\\." + "(apache\\.)?org",
                "registry\\." + "npmjs",
                "deb\\." + "debian\\.org"));
        List<String> found = new ArrayList<>();
        for (Path path : Repository.files()) {
            Matcher match = forbidden.matcher(Repository.read(path));
            if (match.find()) {
                found.add(path + ": " + match.group());
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void everyPackageSaysInOneSentenceWhatItIsForAndIsNullMarked() {
        List<String> wrong = new ArrayList<>();
        Set<Path> packages = new TreeSet<>();
        for (Path source : Repository.files(".java")) {
            if (source.toString().contains("/src/main/")) {
                packages.add(source.getParent());
            }
        }
        for (Path folder : packages) {
            Path info = folder.resolve("package-info.java");
            String text = Files.exists(Repository.ROOT.resolve(info)) ? Repository.read(info) : "";
            if (!text.contains("@NullMarked") || !text.startsWith("/**")) {
                wrong.add(info.toString());
            }
        }

        assertThat(packages).isNotEmpty();
        assertThat(wrong).isEmpty();
    }
}

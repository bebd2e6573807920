package io.dockerworkflow.testsupport;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An example uses what every user of the library can use. Each example's tests have a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reading the classes takes seconds
public abstract class PublicApiRules {
    private static final String[] INTERNAL = {
        "io.dockerworkflow.internal..", "io.dockerworkflow.dood.gateway..", "io.dockerworkflow.dood.policy.."
    };
    private static final Pattern INTERNAL_NAME =
            Pattern.compile("io\\.dockerworkflow\\.(internal|dood\\.gateway|dood\\.policy)\\.");

    private final JavaClasses main;
    private final Path sources;
    private final List<String> exceptions;

    /**
     * Checks an example.
     *
     * @param member one of its main classes
     * @param exceptions the simple names of the top-level classes that may use internals
     */
    protected PublicApiRules(Class<?> member, String... exceptions) {
        this.exceptions = List.of(exceptions);
        try {
            Path classes = Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
            this.main = new ClassFileImporter().importPath(classes);
            this.sources = classes.resolve("../../src/main/java").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void exampleWhenItUsesTheLibraryUsesItsPublicApi() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(" + String.join("|", exceptions) + ")(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage(INTERNAL))
                .check(main);
    }

    /** The compiler copies constants, as the names of labels, into the classes that use them: only sources show such a use. */
    @Test
    void sourcesWhenTheyNameTypesNameNoInternalOnes() throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> java =
                    files.filter(file -> file.toString().endsWith(".java")).toList();

            assertThat(java).isNotEmpty();
            assertThat(java.stream()
                            .filter(PublicApiRules::namesInternal)
                            .map(file -> file.getFileName().toString().replace(".java", "")))
                    .containsExactlyInAnyOrderElementsOf(exceptions);
        }
    }

    private static boolean namesInternal(Path file) {
        try {
            return INTERNAL_NAME.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

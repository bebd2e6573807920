package io.dockerworkflow.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The design's rules, for the classes of one module. Each module's tests have a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reading the classes takes seconds
public abstract class ArchitectureRules {
    private static final String[] OTHERS_BUSINESS = {
        "io.dockerworkflow.internal..", "io.dockerworkflow.dood.gateway..", "io.dockerworkflow.dood.policy.."
    };
    /** Where the API leads into what is behind it. */
    private static final String DOORS = "io\\.dockerworkflow\\.(DockerWorkflows|Sessions)";

    private static final List<String> MODES = List.of("dood", "dind", "fatimage");
    /** Types whose values change, and so have no place in a static field. */
    private static final List<Class<?>> MUTABLE =
            List.of(Collection.class, Map.class, Number.class, ThreadLocal.class, Executor.class, Thread.class);

    private final JavaClasses module;

    /**
     * Checks a module.
     *
     * @param member one of its classes
     */
    protected ArchitectureRules(Class<?> member) {
        try {
            this.module = new ClassFileImporter()
                    .importPath(Path.of(member.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void packagesWhenTheyDependOnEachOtherHaveNoCycles() {
        slices().matching("io.dockerworkflow.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(module);
    }

    @Test
    void packagesWhenTheyHoldCodeAreNullMarked() {
        assertThat(module.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allSatisfy(ArchitectureRules::isNullMarked);
    }

    private static void isNullMarked(JavaPackage checked) {
        assertThat(checked.isAnnotatedWith(NullMarked.class))
                .as(checked.getName())
                .isTrue();
    }

    @Test
    void apiWhenItNeedsWhatIsBehindItHasDoorsForIt() {
        noClasses()
                .that(are(resideInAPackage("io.dockerworkflow")))
                .and()
                .haveNameNotMatching(DOORS)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.dockerworkflow.spi..", "io.dockerworkflow.internal.."))
                .allowEmptyShould(true)
                .check(module);
    }

    @Test
    void modesWhenTheyNeedOthersNeedOnlyCore() {
        for (String mode : MODES) {
            noClasses()
                    .that(are(resideInAPackage("io.dockerworkflow." + mode + "..")))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(MODES.stream()
                            .filter(other -> !other.equals(mode))
                            .map(other -> "io.dockerworkflow." + other + "..")
                            .toArray(String[]::new)))
                    .allowEmptyShould(true)
                    .check(module);
        }
    }

    @Test
    void internalsWhenTheyAreAnotherModulesAreNotUsed() {
        DescribedPredicate<JavaClass> ofAnotherModule = resideInAnyPackage(OTHERS_BUSINESS)
                .and(new DescribedPredicate<>("are of another module") {
                    @Override
                    public boolean test(JavaClass type) {
                        return !module.contain(type.getBaseComponentType().getName());
                    }
                });
        noClasses()
                .should()
                .dependOnClassesThat(ofAnotherModule)
                .allowEmptyShould(true)
                .check(module);
    }

    @Test
    void publicTypesWhenTheyAreForOthersAreInTheirPackages() {
        classes()
                .that()
                .arePublic()
                .should()
                .resideInAnyPackage(Stream.concat(
                                Stream.of(OTHERS_BUSINESS),
                                Stream.of(
                                        "io.dockerworkflow",
                                        "io.dockerworkflow.spi",
                                        "io.dockerworkflow.dood",
                                        "io.dockerworkflow.dind",
                                        "io.dockerworkflow.fatimage"))
                        .toArray(String[]::new))
                .check(module);
    }

    @Test
    void stateWhenItIsStaticNeverChanges() {
        fields().that().areStatic().should().beFinal().allowEmptyShould(true).check(module);
        assertThat(module.stream()
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                        .filter(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .filter(ArchitectureRules::changes)
                        .map(JavaField::getFullName))
                .isEmpty();
    }

    /** By its value, since an immutable list has the type of a list. */
    private static boolean changes(JavaField field) {
        try {
            java.lang.reflect.Field reflected = field.reflect();
            if (MUTABLE.stream().noneMatch(type -> type.isAssignableFrom(reflected.getType()))) {
                return false;
            }
            reflected.setAccessible(true);
            Object value = reflected.get(null);
            return !value.getClass().getName().startsWith("java.util.ImmutableCollections")
                    && !value.getClass().getName().startsWith("java.util.Collections$Unmodifiable")
                    && !(value instanceof Integer || value instanceof Long);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void librariesWhenTheyHaveSomethingToSayDoNotPrintIt() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.allowEmptyShould(true).check(module);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.allowEmptyShould(true).check(module);
    }

    @Test
    void waitsWhenTheyAreNeededAwaitTheEvent() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class)
                .check(module);
    }

    @Test
    void processWhenItIsSharedIsLeftAlone() {
        noClasses()
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "setProperty", String.class, String.class)
                .orShould()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .check(module);
        noClasses()
                .that()
                .haveNameNotMatching("io\\.dockerworkflow\\.SessionOptions(\\$.*)?")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(module);
    }
}

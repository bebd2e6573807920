package io.dockerworkflow.testsupport;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The design's rules, for the classes of one module. Each module's tests have a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reading the classes takes seconds
public abstract class ArchitectureRules {
    private static final int MOST_TYPES = 40;
    private static final int MOST_API_TYPES = 60;

    private static final List<String> MODES = List.of("dood", "dind", "fatimage");
    /** Types whose values change, and so have no place in a static field. */
    private static final List<Class<?>> MUTABLE =
            List.of(Collection.class, Map.class, Number.class, ThreadLocal.class, Executor.class, Thread.class);

    private final Path classDirectory;
    private final JavaClasses module;

    /**
     * Checks a module.
     *
     * @param member one of its classes
     */
    protected ArchitectureRules(Class<?> member) {
        try {
            this.classDirectory = Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
            this.module = new ClassFileImporter().importPath(classDirectory);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void layersWhenTheyUseOthersUseThoseBefore() {
        classes().should(useOnlyLayersBeforeTheirOwn()).check(module);
    }

    private static ArchCondition<JavaClass> useOnlyLayersBeforeTheirOwn() {
        return new ArchCondition<>("use only layers before their own") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String own = Layers.of(type);
                if (!Layers.isKnown(own)) {
                    events.add(SimpleConditionEvent.violated(type, own + " is no layer of the design"));
                    return;
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    boolean ours = target.getName().startsWith(Layers.ROOT + ".");
                    if (ours && !Layers.mayUse(own, Layers.of(target))) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** The compiler copies constants, as those of Labels, into the classes that use them: only sources show such a use. */
    @Test
    void sourcesWhenTheyImportImportFromLayersBefore() {
        SourceImports imports = SourceImports.of(classDirectory);

        assertThat(imports.upward()).isEmpty();
        assertThat(imports.all()).isNotEmpty();
    }

    @Test
    void packagesWhenTheyDependOnEachOtherHaveNoCycles() {
        slices().assignedFrom(Slices.byLayer())
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(module);
    }

    @Test
    void typesWhenTheyDependOnEachOtherHaveNoCycles() {
        slices().assignedFrom(Slices.byType(module)).should().beFreeOfCycles().check(module);
    }

    @Test
    void packagesWhenTheyHoldCodeHoldFewTypes() {
        Map<String, Long> sizes = module.stream()
                .filter(type -> type.getEnclosingClass().isEmpty()
                        && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes)
                .isNotEmpty()
                .allSatisfy((name, size) -> assertThat(size)
                        .as(name)
                        .isLessThanOrEqualTo(name.equals(Layers.ROOT) ? MOST_API_TYPES : MOST_TYPES));
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
    void modesWhenTheyNeedOthersNeedOnlyCore() {
        for (String mode : MODES) {
            noClasses()
                    .that()
                    .resideInAPackage("io.dockerworkflow." + mode + "..")
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

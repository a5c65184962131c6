package io.freshet;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** The import rules of the house, at zero violations. */
@AnalyzeClasses(packages = "io.freshet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** About a dozen; top-level types. */
    private static final int MOST_TYPES = 14;

    private static final Map<String, String> LARGE_FOR_A_REASON =
            Map.of(
                    "io.freshet.event", "savepoints have the full names of its types",
                    "io.freshet.config", "an options class and a record for each stage",
                    "io.freshet.model", "the port, which an author of a model finds in one place");

    @ArchTest
    static final ArchRule events_and_the_model_port_depend_on_the_jdk_alone =
            classes()
                    .that()
                    .resideInAnyPackage("io.freshet.event..", "io.freshet.model")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..", "org.jspecify..", "io.freshet.event..", "io.freshet.model");

    @ArchTest
    static final ArchRule configuration_depends_on_flinks_options_and_the_parsers_alone =
            classes()
                    .that()
                    .resideInAPackage("io.freshet.config..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "org.apache.flink.configuration..",
                            "org.apache.flink.core.execution..", // an option's type
                            "com.fasterxml.jackson..",
                            "io.freshet.config..");

    @ArchTest
    static final ArchRule the_ground_that_stages_share_depends_on_no_stage =
            classes()
                    .that()
                    .resideInAPackage("io.freshet.runtime..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "org.slf4j..",
                            "org.apache.flink..",
                            "io.freshet.event..",
                            "io.freshet.runtime..");

    @ArchTest
    static final ArchRule only_the_tensorflow_room_imports_the_engine =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.freshet.model.tensorflow..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "ai.djl..",
                            "org.tensorflow..",
                            "org.bytedeco..",
                            "org.tribuo..",
                            "ai.onnx..");

    @ArchTest
    static final ArchRule the_engine_is_reached_through_the_port =
            noClasses()
                    .that(
                            resideInAnyPackage(
                                    "io.freshet.source..",
                                    "io.freshet.sink..",
                                    "io.freshet.control..",
                                    "io.freshet.history..",
                                    "io.freshet.item..",
                                    "io.freshet.training..",
                                    "io.freshet.store..",
                                    "io.freshet.recommend..",
                                    "io.freshet.response.."))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.freshet.model.tensorflow..");

    @ArchTest
    static final ArchRule kafka_appears_at_the_edges_only =
            noClasses()
                    .that(
                            not(
                                    resideInAnyPackage(
                                            "io.freshet.kafka..",
                                            "io.freshet.serve..",
                                            "io.freshet.source..",
                                            "io.freshet.sink..",
                                            "io.freshet.demo")))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka..", "kafka..", "org.apache.flink.connector.kafka..");

    @ArchTest static final ArchRule kafka_imports_no_other_stage = stage("kafka");

    @ArchTest static final ArchRule source_imports_no_other_stage = stage("source");

    @ArchTest static final ArchRule sink_imports_no_other_stage = stage("sink");

    @ArchTest static final ArchRule control_imports_no_other_stage = stage("control");

    @ArchTest static final ArchRule history_imports_no_other_stage = stage("history");

    @ArchTest static final ArchRule item_imports_no_other_stage = stage("item");

    @ArchTest static final ArchRule store_imports_no_other_stage = stage("store");

    @ArchTest static final ArchRule training_imports_the_store_alone = stage("training", "store");

    @ArchTest static final ArchRule recommend_imports_no_other_stage = stage("recommend");

    @ArchTest
    static final ArchRule the_gateway_imports_what_decodes_records_and_what_asks_kafka =
            stage("serve", "source.decode", "source.field", "kafka");

    @ArchTest
    static final ArchRule only_the_gateway_serves_http =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.freshet.serve")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.javalin..", "org.eclipse.jetty..", "jakarta..", "kotlin..");

    @ArchTest static final ArchRule response_imports_no_other_stage = stage("response");

    @ArchTest
    static final ArchRule nobody_imports_the_root_but_the_rooms_that_run_the_job =
            noClasses()
                    .that(
                            not(
                                    resideInAnyPackage(
                                            "io.freshet",
                                            "io.freshet.cli",
                                            "io.freshet.demo",
                                            "io.freshet.replay")))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.freshet");

    @ArchTest
    static final ArchRule nobody_imports_the_command_line =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.freshet.cli")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.freshet.cli");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().assignedFrom(new Packages()).should().beFreeOfCycles();

    @ArchTest
    static void packages_are_small_enough_to_be_seen_at_a_glance(JavaClasses classes) {
        Map<String, Set<String>> types = new TreeMap<>();
        for (JavaClass type : classes) {
            String name = type.getPackageName();
            if (type.isTopLevelClass()
                    && !type.getSimpleName().equals("package-info")
                    && !LARGE_FOR_A_REASON.containsKey(name)) {
                types.computeIfAbsent(name, ignored -> new TreeSet<>()).add(type.getSimpleName());
            }
        }

        assertThat(types)
                .isNotEmpty()
                .allSatisfy(
                        (name, found) -> assertThat(found).hasSizeLessThanOrEqualTo(MOST_TYPES));
    }

    /** NullAway checks annotated packages alone, so that it would miss another one. */
    @ArchTest
    static final ArchRule every_package_is_null_marked =
            classes()
                    .should(
                            ArchCondition.from(
                                    describe(
                                            "have @NullMarked in their package-info",
                                            type ->
                                                    type.getPackage()
                                                            .isAnnotatedWith(NullMarked.class))));

    @ArchTest
    static final ArchRule class_names_have_a_meaning =
            noClasses().should().haveNameMatching(".*(Utils|Util|Helper|Manager|Impl)");

    @ArchTest
    static final ArchRule logging_goes_through_slf4j =
            GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule only_the_command_line_prints =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.freshet.cli")
                    .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    /** Each package is a slice, the root included. */
    private static final class Packages implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    /** A stage may use what all share, and its friends; rooms inside it count as the stage. */
    private static ArchRule stage(String name, String... friends) {
        List<String> allowed =
                new ArrayList<>(List.of("event..", "model", "config..", "runtime.."));
        allowed.addAll(List.of(friends));
        allowed.add(name + "..");
        String[] packages = allowed.stream().map("io.freshet."::concat).toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.freshet." + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.freshet..").and(not(resideInAnyPackage(packages))));
    }
}

package io.freshet;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;

/** The import rules of the house, at zero violations. */
@AnalyzeClasses(packages = "io.freshet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule events_and_the_model_port_know_the_jdk_alone =
            classes()
                    .that()
                    .resideInAnyPackage("io.freshet.event", "io.freshet.model")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..", "org.jspecify..", "io.freshet.event", "io.freshet.model");

    @ArchTest
    static final ArchRule configuration_knows_flinks_options_and_the_parsers_alone =
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
                                    "io.freshet.source",
                                    "io.freshet.sink",
                                    "io.freshet.control",
                                    "io.freshet.history",
                                    "io.freshet.item",
                                    "io.freshet.training",
                                    "io.freshet.store",
                                    "io.freshet.recommend"))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.freshet.model.tensorflow..");

    @ArchTest
    static final ArchRule kafka_appears_at_the_edges_only =
            noClasses()
                    .that(
                            not(
                                    resideInAnyPackage(
                                            "io.freshet.kafka",
                                            "io.freshet.source",
                                            "io.freshet.sink",
                                            "io.freshet.demo")))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka..", "kafka..", "org.apache.flink.connector.kafka..");

    @ArchTest static final ArchRule kafka_stands_alone = stage("kafka");

    @ArchTest static final ArchRule source_stands_alone = stage("source");

    @ArchTest static final ArchRule sink_stands_alone = stage("sink");

    @ArchTest static final ArchRule control_stands_alone = stage("control");

    @ArchTest static final ArchRule history_stands_alone = stage("history");

    @ArchTest static final ArchRule item_stands_alone = stage("item");

    @ArchTest static final ArchRule store_stands_alone = stage("store");

    @ArchTest static final ArchRule training_knows_the_store = stage("training", "store");

    @ArchTest static final ArchRule recommend_stands_alone = stage("recommend");

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

    /** NullAway looks at annotated packages alone, so another one would escape it unseen. */
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
    static final ArchRule names_say_what_a_class_is =
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

    private static ArchRule stage(String name, String... friends) {
        String[] allowed = new String[friends.length + 4];
        allowed[0] = "io.freshet." + name;
        allowed[1] = "io.freshet.event";
        allowed[2] = "io.freshet.model";
        allowed[3] = "io.freshet.config..";
        for (int i = 0; i < friends.length; i++) {
            allowed[4 + i] = "io.freshet." + friends[i];
        }
        return noClasses()
                .that()
                .resideInAPackage("io.freshet." + name)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.freshet..").and(not(resideInAnyPackage(allowed))));
    }
}

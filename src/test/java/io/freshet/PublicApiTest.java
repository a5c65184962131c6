package io.freshet;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.freshet.replay.ReplayOutput;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What jobs of others may use, see the package documentation of {@link io.freshet}. */
@AnalyzeClasses(packages = "io.freshet")
class PublicApiTest {

    private static final DescribedPredicate<JavaClass> PUBLIC_API =
            describe(
                    "the public API",
                    type ->
                            resideInAnyPackage(
                                                    "io.freshet.config..",
                                                    "io.freshet.event..",
                                                    "io.freshet.model")
                                            .test(type)
                                    || outermost(type)
                                            .getName()
                                            .equals(JobTopology.class.getName()));

    private static final DescribedPredicate<JavaClass> OTHERS =
            resideInAnyPackage("java..", "org.jspecify..", "org.apache.flink..");

    @ArchTest
    static final ArchRule the_sample_job_uses_the_public_api_alone =
            classes()
                    .that()
                    .resideInAPackage("io.freshet.example")
                    .and()
                    .haveSimpleNameNotEndingWith("ITCase")
                    .should()
                    .onlyDependOnClassesThat(
                            PUBLIC_API.or(OTHERS).or(resideInAnyPackage("io.freshet.example")));

    @ArchTest
    static final ArchRule the_public_api_hands_out_nothing_else =
            codeUnits()
                    .that()
                    .areDeclaredInClassesThat(
                            PUBLIC_API.and(describe("production", PublicApiTest::isProduction)))
                    .and()
                    .arePublic()
                    .should(haveTypesOf(PUBLIC_API.or(OTHERS)));

    @ArchTest
    static void types_of_freshets_own_are_public_only_if_another_package_uses_them(
            JavaClasses classes) {
        Set<JavaClass> used = new HashSet<>();
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = outermost(dependency.getTargetClass().getBaseComponentType());
                if (!target.getPackageName().equals(type.getPackageName())) {
                    used.add(target);
                }
            }
        }

        assertThat(classes)
                .filteredOn(type -> type.isTopLevelClass() && isProduction(type))
                .filteredOn(type -> !PUBLIC_API.test(type) && isVisible(type))
                .filteredOn(type -> !hasConstants(type)) // their use leaves no trace
                .filteredOn(type -> !type.isEquivalentTo(ReplayOutput.class)) // Flink's POJO
                .filteredOn(type -> !type.tryGetMethod("main", String[].class).isPresent())
                .isNotEmpty()
                .allMatch(used::contains);
    }

    private static ArchCondition<JavaCodeUnit> haveTypesOf(DescribedPredicate<JavaClass> allowed) {
        return new ArchCondition<>("have types of " + allowed.getDescription()) {
            @Override
            public void check(JavaCodeUnit method, ConditionEvents events) {
                if (!isVisible(method.getOwner())) {
                    return;
                }
                Stream.concat(
                                method.getReturnType().getAllInvolvedRawTypes().stream(),
                                method.getParameterTypes().stream()
                                        .flatMap(type -> type.getAllInvolvedRawTypes().stream()))
                        .map(JavaClass::getBaseComponentType)
                        .filter(type -> !type.isPrimitive() && !allowed.test(type))
                        .forEach(
                                type ->
                                        events.add(
                                                SimpleConditionEvent.violated(
                                                        method,
                                                        method.getFullName()
                                                                + " has "
                                                                + type.getName())));
            }
        };
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(PublicApiTest::isVisible).orElse(true);
    }

    private static boolean hasConstants(JavaClass type) {
        return type.getFields().stream()
                .anyMatch(
                        field ->
                                field.getModifiers().contains(JavaModifier.STATIC)
                                        && field.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static boolean isProduction(JavaClass type) {
        return !type.getSource().map(Object::toString).orElse("").contains("/test");
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(PublicApiTest::outermost).orElse(type);
    }
}

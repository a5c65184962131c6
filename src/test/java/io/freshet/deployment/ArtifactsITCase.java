package io.freshet.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.cluster.BuiltJars;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars that {@code mvn package} makes, where they are loaded together. */
class ArtifactsITCase {

    @Test
    void no_class_is_twice_among_the_job_the_engine_and_flink() throws IOException {
        List<Path> jars = new ArrayList<>(BuiltJars.flink());
        jars.addAll(BuiltJars.engine());
        jars.add(BuiltJars.job());

        assertThat(twice(jars)).isEmpty();
    }

    @Test
    void the_job_brings_none_of_what_is_the_command_lines() throws IOException {
        try (JarFile job = new JarFile(BuiltJars.job().toFile())) {
            assertThat(job.stream().map(Object::toString))
                    .contains("io/freshet/FreshetJob.class")
                    .noneMatch(name -> name.matches("io/freshet/(cli|demo|replay|serve)/.*"));
        }
    }

    @Test
    void the_javadoc_jar_has_the_public_api_alone() throws IOException {
        try (JarFile documentation = new JarFile("target/freshet-javadoc.jar")) {
            assertThat(
                            documentation.stream()
                                    .map(Object::toString)
                                    .filter(name -> name.matches("io/freshet/.*\\.html"))
                                    .map(name -> name.replaceFirst("/[^/]*$", ""))
                                    .map(name -> name.replaceFirst("/class-use$", ""))
                                    .distinct())
                    .containsExactlyInAnyOrder(
                            "io/freshet",
                            "io/freshet/config",
                            "io/freshet/config/option",
                            "io/freshet/event",
                            "io/freshet/event/query",
                            "io/freshet/model");
        }
    }

    @Test
    void what_the_image_copies_exists() {
        assertThat(Dockerfile.read().sources("target"))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(files(Path.of(""), source)).isNotEmpty());
    }

    /** What a source of {@code COPY} is; its last name may be a pattern. */
    static List<Path> files(Path context, String source) throws IOException {
        Path path = context.resolve(source);
        if (!source.contains("*")) {
            return Files.exists(path) ? List.of(path) : List.of();
        }
        var pattern =
                FileSystems.getDefault().getPathMatcher("glob:" + path.getFileName().toString());
        try (Stream<Path> found = Files.list(path.toAbsolutePath().getParent())) {
            return found.filter(file -> pattern.matches(file.getFileName())).toList();
        }
    }

    /** Classes that more than one of the jars has, with the jars. */
    static Map<String, List<String>> twice(List<Path> jars) throws IOException {
        Map<String, List<String>> owners = new TreeMap<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                file.stream()
                        .map(Object::toString)
                        .filter(name -> name.endsWith(".class"))
                        // Flink's relocated jars leave classes for other releases of Java where
                        // they were, and nothing loads them
                        .filter(name -> !name.startsWith("META-INF/versions/"))
                        .filter(name -> !name.equals("module-info.class"))
                        .forEach(
                                name ->
                                        owners.computeIfAbsent(name, unused -> new ArrayList<>())
                                                .add(jar.getFileName().toString()));
            }
        }
        owners.values().removeIf(found -> found.size() == 1);
        return owners;
    }
}

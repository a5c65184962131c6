package io.freshet.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {

    @ParameterizedTest
    @ValueSource(strings = {"docker/Dockerfile", "docker/Dockerfile.gpu"})
    void what_is_copied_is_flinks_and_the_image_runs_as_flink(String file) {
        Dockerfile image = Dockerfile.read(Path.of(file));

        assertThat(image.all("COPY"))
                .isNotEmpty()
                .allMatch(copy -> copy.startsWith("--chown=flink:flink "));
        assertThat(image.all("USER")).containsExactly("flink");
        assertThat(image.all("HEALTHCHECK")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker/Dockerfile", "docker/Dockerfile.gpu"})
    void the_base_is_the_release_of_flink_that_freshet_is_built_for(String file)
            throws IOException {
        String flink =
                Files.readString(Path.of("pom.xml"))
                        .replaceAll("(?s).*<flink.version>(.*)</flink.version>.*", "$1");

        assertThat(Dockerfile.read(Path.of(file)).all("ARG"))
                .contains("FLINK_IMAGE=flink:" + flink + "-java17");
    }

    @Test
    void the_gpu_image_differs_by_what_is_in_the_engine_and_by_the_drivers_capabilities() {
        List<Dockerfile.Instruction> cpu = Dockerfile.read(Dockerfile.CPU).instructions();
        List<Dockerfile.Instruction> gpu = Dockerfile.read(Dockerfile.GPU).instructions();

        assertThat(gpu)
                .filteredOn(instruction -> !cpu.contains(instruction))
                .extracting(Dockerfile.Instruction::arguments)
                .containsExactly("NVIDIA_DRIVER_CAPABILITIES=compute,utility");
        assertThat(gpu).containsAll(cpu);
    }

    @Test
    void the_context_has_what_is_copied_from_the_repository_and_from_a_distribution()
            throws IOException {
        Dockerfile image = Dockerfile.read(Dockerfile.CPU);
        List<String> allowed =
                Files.readAllLines(Path.of(".dockerignore")).stream()
                        .filter(line -> line.startsWith("!"))
                        .map(line -> line.substring(1))
                        .toList();

        for (String artifacts : List.of("target/", "")) {
            assertThat(image.sources("@").stream().map(path -> path.replace("@/", artifacts)))
                    .isNotEmpty()
                    .allMatch(source -> allowed.stream().anyMatch(path -> path.startsWith(source)));
        }
    }
}

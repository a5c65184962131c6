package io.freshet.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DockerfileTest {

    private final Dockerfile image = Dockerfile.read();

    @Test
    void what_is_copied_is_flinks_and_the_image_runs_as_flink() {
        assertThat(image.all("COPY"))
                .isNotEmpty()
                .allMatch(copy -> copy.startsWith("--chown=flink:flink "));
        assertThat(image.all("USER")).containsExactly("flink");
        assertThat(image.all("HEALTHCHECK")).hasSize(1);
    }

    @Test
    void the_base_is_the_release_of_flink_that_freshet_is_built_for() throws IOException {
        String flink =
                Files.readString(Path.of("pom.xml"))
                        .replaceAll("(?s).*<flink.version>(.*)</flink.version>.*", "$1");

        assertThat(image.all("ARG")).contains("FLINK_IMAGE=flink:" + flink + "-java17");
    }

    @Test
    void a_container_may_see_the_hosts_gpus() {
        assertThat(image.all("ENV")).containsExactly("NVIDIA_DRIVER_CAPABILITIES=compute,utility");
    }

    @Test
    void the_context_has_what_is_copied_from_the_repository_and_from_a_distribution()
            throws IOException {
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

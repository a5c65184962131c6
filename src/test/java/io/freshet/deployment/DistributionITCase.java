package io.freshet.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.cluster.BuiltJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code mvn verify} makes, unpacked. */
class DistributionITCase {

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    @TempDir private static Path directory = Path.of("");

    private static Path home = Path.of("");

    @BeforeAll
    static void unpack() throws Exception {
        Path archive = only(TARGET, "freshet-*.tar.gz");
        run(List.of("tar", "-xzf", archive.toString(), "-C", directory.toString()));
        home = only(directory, "freshet-*");
    }

    @Test
    void it_has_what_an_operator_needs() {
        assertThat(
                        Stream.of(
                                "README.md",
                                "bin/freshet",
                                "docker/Dockerfile",
                                "docker/compose.yaml",
                                "docker/kubernetes/kustomization.yaml",
                                "docs/handbook.md",
                                "flink-conf/config.yaml",
                                "freshet-job.jar",
                                "freshet-sbom.json",
                                "licences/THIRD-PARTY.txt",
                                "plugins/s3-fs-native",
                                "schemas/interactions.schema.json"))
                .allSatisfy(path -> assertThat(home.resolve(path)).exists());
    }

    @Test
    void every_jar_is_in_it_once() throws IOException {
        List<String> engine = names(home.resolve("flink-lib"));
        List<String> others = names(home.resolve("lib"));

        assertThat(engine).containsExactlyElementsOf(names(BuiltJars.engine()));
        assertThat(others).doesNotContainAnyElementsOf(engine).contains("freshet.jar");
        assertThat(Stream.concat(engine.stream(), others.stream()))
                .containsAll(names(BuiltJars.libraries()));
    }

    @Test
    void no_class_of_the_command_line_is_in_two_jars() throws IOException {
        List<Path> jars = new ArrayList<>(jars(home.resolve("lib")));
        jars.addAll(jars(home.resolve("flink-lib")));

        assertThat(ArtifactsITCase.twice(jars)).isEmpty();
    }

    @Test
    void the_command_line_starts() throws Exception {
        assertThat(run(List.of(home.resolve("bin/freshet").toString(), "--version")))
                .matches("freshet \\d.*\\s*");
        Path link = Files.createSymbolicLink(directory.resolve("f"), home.resolve("bin/freshet"));
        assertThat(run(List.of(link.toString(), "replay", "--help"))).contains("--interactions");
    }

    @Test
    void images_can_be_built_from_it() throws IOException {
        String variables = Files.readString(home.resolve("docker/.env"), UTF_8);
        assertThat(variables).contains("FRESHET_ARTIFACTS=.");
        Compose compose =
                Compose.read(home.resolve("docker/compose.yaml"), Map.of("FRESHET_ARTIFACTS", "."));
        assertThat(Yaml.at(compose.services(), "jobmanager", "build", "args", "ARTIFACTS"))
                .isEqualTo(".");
        assertThat(Dockerfile.read(home.resolve("docker/Dockerfile")).sources("."))
                .allSatisfy(source -> assertThat(ArtifactsITCase.files(home, source)).isNotEmpty());
    }

    @Test
    void its_documents_lead_nowhere_else() throws IOException {
        for (Path document : List.of(home.resolve("README.md"), home.resolve("docs/handbook.md"))) {
            Matcher link = LINK.matcher(Files.readString(document, UTF_8));
            while (link.find()) {
                assertThat(document.resolveSibling(link.group(1))).exists();
            }
        }
        assertThat(home.resolve("README.md")).content(UTF_8).doesNotContain("target/", "src/");
    }

    @Test
    void the_bill_of_materials_names_every_library_and_its_licence() throws IOException {
        JsonNode components =
                new ObjectMapper()
                        .readTree(home.resolve("freshet-sbom.json").toFile())
                        .path("components");
        List<String> jars = new ArrayList<>(names(home.resolve("flink-lib")));
        jars.addAll(names(home.resolve("lib")));
        jars.remove("freshet.jar");
        List<String> listed = new ArrayList<>();
        for (JsonNode component : components) {
            listed.add(component.path("name").asText() + "-" + component.path("version").asText());
            assertThat(component.path("licenses")).as(component.path("name").asText()).isNotEmpty();
        }

        assertThat(jars)
                .isNotEmpty()
                .allMatch(jar -> listed.stream().anyMatch(name -> jar.startsWith(name)));
        assertThat(home.resolve("licences/THIRD-PARTY.txt"))
                .content(UTF_8)
                .contains("org.apache.kafka:kafka-clients", "Apache");
    }

    private static List<String> names(Path lib) throws IOException {
        return names(jars(lib));
    }

    private static List<String> names(List<Path> jars) {
        return jars.stream().map(jar -> jar.getFileName().toString()).toList();
    }

    private static List<Path> jars(Path lib) throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            return files.sorted().toList();
        }
    }

    private static Path only(Path parent, String pattern) throws IOException {
        List<Path> found = ArtifactsITCase.files(parent, pattern);
        assertThat(found).as(pattern + " in " + parent).hasSize(1);
        return found.get(0);
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}

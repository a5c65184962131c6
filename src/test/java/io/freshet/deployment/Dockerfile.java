package io.freshet.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The instructions of a Dockerfile, continued lines joined. */
public record Dockerfile(List<Instruction> instructions) {

    private static final Path IMAGE = Path.of("docker/Dockerfile");

    /** An instruction, such as {@code COPY}, and what is behind it. */
    record Instruction(String name, String arguments) {}

    /** Reads the repository's. */
    public static Dockerfile read() {
        return read(IMAGE);
    }

    /** Reads a file. */
    public static Dockerfile read(Path file) {
        try {
            String text =
                    Files.readString(file, UTF_8).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
            return new Dockerfile(
                    text.lines()
                            .filter(line -> !line.isBlank())
                            .map(line -> line.strip().split("\\s+", 2))
                            .map(parts -> new Instruction(parts[0], parts[1]))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is behind all instructions of a name. */
    List<String> all(String name) {
        return instructions.stream()
                .filter(found -> found.name().equals(name))
                .map(Instruction::arguments)
                .toList();
    }

    /** What is copied from the context, without the target. */
    List<String> sources(String artifacts) {
        return all("COPY").stream()
                .flatMap(
                        copy -> {
                            Stream<String> words =
                                    Arrays.stream(copy.split("\\s+"))
                                            .filter(word -> !word.startsWith("--"));
                            List<String> paths = words.toList();
                            return paths.subList(0, paths.size() - 1).stream();
                        })
                .map(source -> source.replace("${ARTIFACTS}", artifacts))
                .toList();
    }

    /** The changes to Flink's configuration that the image makes when it is built. */
    public List<String> configurationChanges() {
        return all("RUN").stream()
                .filter(command -> command.contains("config-parser-utils.sh"))
                .flatMap(command -> Arrays.stream(command.split("\\s+")))
                .dropWhile(word -> !word.startsWith("-"))
                .toList();
    }
}

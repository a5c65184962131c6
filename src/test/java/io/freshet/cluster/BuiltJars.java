package io.freshet.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code mvn package} has made, as it is deployed. */
public final class BuiltJars {

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /**
     * Flink's distribution, which is not on Maven Central, by the beginnings of its jars' names.
     */
    private static final List<String> FLINK =
            List.of(
                    "flink-",
                    "frocksdbjni-",
                    "kryo-",
                    "minlog-",
                    "objenesis-",
                    "reflectasm-",
                    "commons-cli-",
                    "commons-collections-",
                    "commons-compress-",
                    "commons-io-",
                    "commons-lang3-",
                    "commons-math3-",
                    "commons-text-",
                    "javassist-",
                    "jsr305-",
                    "lz4-java-",
                    "snakeyaml-engine-",
                    "snappy-java-",
                    "RoaringBitmap-",
                    "async-profiler-",
                    "log4j-",
                    "slf4j-api-");

    private BuiltJars() {}

    /** The command line's jar, for {@code java -jar}; its libraries are beside it. */
    public static Path commandLine() {
        return require("freshet.jar");
    }

    /** The job's jar, for {@code flink run}. */
    public static Path job() {
        return require("freshet-job.jar");
    }

    /** Flink's {@code lib/}: its own jars, and the engine's. */
    static List<Path> flinkLib() {
        List<Path> jars = new ArrayList<>(flink());
        jars.addAll(engine());
        return jars;
    }

    /** The engine's jars, for Flink's {@code lib/}. */
    public static List<Path> engine() {
        return in(TARGET.resolve("flink-lib"));
    }

    /** The command line's libraries. */
    public static List<Path> libraries() {
        return in(TARGET.resolve("lib"));
    }

    /** Flink's own jars. */
    public static List<Path> flink() {
        List<Path> jars = new ArrayList<>();
        for (Path jar : libraries()) {
            String name = jar.getFileName().toString();
            if (FLINK.stream().anyMatch(name::startsWith)
                    && !name.startsWith("flink-connector-kafka-")) {
                jars.add(jar);
            }
        }
        return jars;
    }

    /** Directories of Flink's {@code plugins/}, one for each. */
    static List<Path> plugins() {
        try (Stream<Path> found = Files.list(require("plugins"))) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server of the S3 protocol, for {@code java -jar}. */
    static Path s3Server() {
        return require("s3-server/s3mock.jar");
    }

    /** This process's own class path. */
    static List<Path> tests() {
        List<Path> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            path.add(Path.of(entry).toAbsolutePath());
        }
        return path;
    }

    /** A directory with nothing in it but the class that a child process starts with. */
    static Path launcher(Path directory) {
        String file = ChildMain.class.getName().replace('.', '/') + ".class";
        Path copy = directory.resolve("launcher").resolve(file);
        try (var in = ChildMain.class.getClassLoader().getResourceAsStream(file)) {
            Files.createDirectories(copy.getParent());
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory.resolve("launcher");
    }

    /** This repository's Flink configuration. */
    static Path flinkConf() {
        return Path.of("flink-conf").toAbsolutePath();
    }

    private static Path require(String name) {
        Path jar = TARGET.resolve(name);
        if (Files.notExists(jar)) {
            throw new AssertionError(jar + " is missing: run mvn package -DskipTests");
        }
        return jar;
    }

    private static List<Path> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    directory + " can't be read: run mvn package -DskipTests", e);
        }
    }
}

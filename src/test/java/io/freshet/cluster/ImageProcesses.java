package io.freshet.cluster;

import io.freshet.deployment.Dockerfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.bash.FlinkConfigLoader;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer;
import org.apache.flink.util.FlinkException;

/**
 * What containers of {@code docker/Dockerfile} do, as plain processes: files owned as the image has
 * them, its user (if this process may choose one), and the steps of the entry point of Flink's
 * image. That one is not copied here; of it is done again what Freshet relies on: it writes where
 * the job manager is, and then each line of {@code FLINK_PROPERTIES}, into {@code config.yaml}, and
 * starts the main class of the command, with memory as that file says.
 */
final class ImageProcesses implements AutoCloseable {

    /** {@code flink}, in Flink's image. */
    static final int USER = 9999;

    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final List<String> QUICK_START =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private final Path directory;
    private final Path home;
    private final List<ChildJvm> started = new ArrayList<>();

    /**
     * Lays the image out.
     *
     * @param directory for all of it; processes may write below it as in a volume of theirs
     */
    ImageProcesses(Path directory) throws IOException {
        this.directory = directory;
        this.home = directory.resolve("image");
        for (String name : List.of("conf", "lib", "plugins", "usrlib")) {
            Files.createDirectories(home.resolve(name));
        }
        Files.copy(BuiltJars.job(), home.resolve("usrlib").resolve("freshet-job.jar"));
        Files.copy(entryPointJar(), home.resolve("lib").resolve("flink-container.jar"));
        Files.copy(
                BuiltJars.flinkConf().resolve(GlobalConfiguration.FLINK_CONF_FILENAME),
                config(home.resolve("conf")));
        BuiltJars.launcher(directory);
        RunDirectory.logging(directory);
        if (ROOT) {
            run(List.of("chown", "-R", USER + ":" + USER, directory.toString()));
        }
        change(home.resolve("conf"), Dockerfile.read().configurationChanges());
    }

    /** Starts ZooKeeper, which is of another image; returns when it listens. */
    void startZooKeeper(int port) throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.write(
                file,
                List.of(
                        "tickTime=2000",
                        "dataDir=" + directory.resolve("zookeeper"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false"));
        start(
                        "zookeeper",
                        home.resolve("conf"),
                        List.of("-Xmx128m"),
                        FlinkZooKeeperQuorumPeer.class,
                        List.of("--zkConfigFile", file.toString(), "--peerId", "1"))
                .awaitPort(port);
    }

    /**
     * Starts a container.
     *
     * @param name a new one has files as in the image, one of before its own
     * @param command as Flink's image takes it: {@code standalone-job} or {@code taskmanager}, and
     *     arguments
     * @param properties lines of {@code FLINK_PROPERTIES}
     */
    ChildJvm start(String name, List<String> command, Map<String, String> properties)
            throws IOException {
        Path conf = directory.resolve(name).resolve("conf");
        if (Files.notExists(conf)) {
            asUser(List.of("mkdir", "-p", conf.toString()));
            asUser(List.of("cp", config(home.resolve("conf")).toString(), conf.toString()));
        }
        change(conf, List.of("-Djobmanager.rpc.address=127.0.0.1", "-Dblob.server.port=6124"));
        List<String> lines = new ArrayList<>();
        properties.forEach((key, value) -> lines.add("-D" + key + "=" + value));
        change(conf, lines);
        List<String> arguments = command.subList(1, command.size());
        return switch (command.get(0)) {
            case "standalone-job" -> startJobManager(name, conf, arguments);
            case "taskmanager" -> startTaskManager(name, conf, arguments);
            default -> throw new AssertionError("Flink's image has no command " + command.get(0));
        };
    }

    /** The configuration that a container started with. */
    Configuration configuration(String name) {
        return GlobalConfiguration.loadConfiguration(
                directory.resolve(name).resolve("conf").toString());
    }

    /** Whether a process runs as the image's user, or can't because this one isn't root. */
    static boolean runsAsUser(ChildJvm process) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return !ROOT || lines.anyMatch(line -> line.matches("Uid:(\\s+" + USER + "){4}"));
        }
    }

    @Override
    public void close() {
        started.forEach(ChildJvm::close);
    }

    private ChildJvm startJobManager(String name, Path conf, List<String> arguments)
            throws IOException {
        Configuration configuration = configuration(name);
        var memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        List<String> all = new ArrayList<>(List.of("--configDir", conf.toString()));
        all.addAll(words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
        all.addAll(arguments);
        return start(
                name,
                conf,
                words(JobManagerProcessUtils.generateJvmParametersStr(memory, configuration)),
                StandaloneApplicationClusterEntryPoint.class,
                all);
    }

    private ChildJvm startTaskManager(String name, Path conf, List<String> arguments)
            throws IOException {
        var memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration(name));
        List<String> all = new ArrayList<>(List.of("--configDir", conf.toString()));
        all.addAll(words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
        all.addAll(arguments);
        return start(
                name,
                conf,
                words(ProcessMemoryUtils.generateJvmParametersStr(memory)),
                TaskManagerRunner.class,
                all);
    }

    private ChildJvm start(
            String name, Path conf, List<String> options, Class<?> main, List<String> arguments) {
        List<String> all = new ArrayList<>(QUICK_START);
        all.addAll(
                words(
                        GlobalConfiguration.loadConfiguration(conf.toString())
                                .get(CoreOptions.FLINK_JVM_OPTIONS)));
        all.addAll(options);
        all.add("-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"));
        all.add("-Duser.home=" + home); // as the image's /etc/passwd says
        List<Path> classPath = new ArrayList<>();
        classPath.add(directory.resolve("launcher"));
        classPath.addAll(BuiltJars.flinkLib());
        classPath.add(home.resolve("lib").resolve("flink-container.jar"));
        ChildJvm child =
                ChildJvm.start(
                        user(),
                        new ChildJvm.Command(
                                name,
                                classPath,
                                all,
                                Map.of(
                                        "MALLOC_ARENA_MAX", "2", // the image has jemalloc
                                        "FLINK_CONF_DIR", conf.toString(),
                                        "FLINK_LIB_DIR", home.resolve("lib").toString(),
                                        "FLINK_PLUGINS_DIR", home.resolve("plugins").toString()),
                                main.getName(),
                                arguments),
                        directory);
        started.add(child);
        return child;
    }

    /** As {@code config-parser-utils.sh} does, which reads all, and writes the file anew. */
    private void change(Path conf, List<String> changes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--configDir", conf.toString()));
        arguments.addAll(changes);
        Path result = Files.createTempFile(directory, "config-", ".yaml");
        Files.write(result, changed(arguments));
        run(List.of("chmod", "a+r", result.toString()));
        asUser(List.of("cp", result.toString(), config(conf).toString()));
        Files.delete(result);
    }

    private static List<String> changed(List<String> arguments) {
        try {
            return FlinkConfigLoader.loadAndModifyConfiguration(arguments.toArray(String[]::new));
        } catch (FlinkException e) {
            throw new AssertionError("Flink refuses " + arguments, e);
        }
    }

    private static Path config(Path conf) {
        return conf.resolve(GlobalConfiguration.FLINK_CONF_FILENAME);
    }

    private static Path entryPointJar() {
        return BuiltJars.tests().stream()
                .filter(jar -> jar.getFileName().toString().startsWith("flink-container-"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("flink-container is not on the class path"));
    }

    private static List<String> user() {
        String id = String.valueOf(USER);
        return ROOT
                ? List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--")
                : List.of();
    }

    private static void asUser(List<String> command) throws IOException {
        List<String> line = new ArrayList<>(user());
        line.addAll(command);
        run(line);
    }

    private static void run(List<String> command) throws IOException {
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new AssertionError(command + " ended with " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted in " + command, e);
        }
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}

package io.freshet.cluster;

import static java.util.Objects.requireNonNull;

import io.freshet.model.tensorflow.device.SessionDevices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.apache.flink.api.common.externalresource.ExternalResourceDriverFactory;

/**
 * A cluster's GPUs, made up: Flink's part is a plugin, as that of real ones, and TensorFlow's is
 * another class {@link SessionDevices} in {@code lib/}, which Flink's configuration puts before the
 * job's own. TensorFlow computes on CPUs all the same.
 */
final class MadeUpGpus {

    private static final String OTHER_DEVICES =
            """
            package io.freshet.model.tensorflow.device;

            public final class SessionDevices {
                public static java.util.List<String> of(org.tensorflow.proto.ConfigProto config) {
                    return java.util.List.of(
                        "/device:GPU:0 made up of " + config.getGpuOptions().getVisibleDeviceList());
                }
            }
            """;

    private final Path directory;

    /**
     * @param directory of the cluster
     */
    MadeUpGpus(Path directory) {
        this.directory = directory;
    }

    /** Puts the driver where Flink looks for plugins. */
    void installDriver() throws IOException {
        Path plugin = Files.createDirectories(directory.resolve("plugins").resolve("gpu"));
        List<Class<?>> classes = new ArrayList<>(List.of(MadeUpGpu.class));
        classes.addAll(List.of(MadeUpGpu.class.getDeclaredClasses()));
        try (JarOutputStream jar = jar(plugin.resolve("made-up-gpu.jar"))) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream content = type.getClassLoader().getResourceAsStream(name)) {
                    add(jar, name, requireNonNull(content).readAllBytes());
                }
            }
            add(
                    jar,
                    "META-INF/services/" + ExternalResourceDriverFactory.class.getName(),
                    MadeUpGpu.class.getName().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Compiles TensorFlow's part to a directory for the class path. */
    Path devices() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("made-up-devices"));
        Path source = Files.writeString(directory.resolve("SessionDevices.java"), OTHER_DEVICES);
        String classPath =
                BuiltJars.flinkLib().stream().map(Path::toString).collect(Collectors.joining(":"));
        int failure =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-nowarn",
                                "-proc:none",
                                "-cp",
                                classPath,
                                "-d",
                                classes.toString(),
                                source.toString());
        if (failure != 0) {
            throw new AssertionError(source + " does not compile");
        }
        return classes;
    }

    /** Options of a cluster on which TensorFlow's part is the made-up one. */
    static Map<String, String> cluster() {
        return Map.of(
                "classloader.parent-first-patterns.additional",
                "ai.djl;org.tensorflow;org.bytedeco;com.google.protobuf;org.tribuo;"
                        + SessionDevices.class.getName());
    }

    /** Options of a task manager with a GPU. */
    static Map<String, String> taskManager(String index) {
        return Map.of(
                "external-resources",
                "gpu",
                "external-resource.gpu.amount",
                "1",
                "external-resource.gpu.driver-factory.class",
                MadeUpGpu.class.getName(),
                "external-resource.gpu.param." + MadeUpGpu.INDEX,
                index);
    }

    private static JarOutputStream jar(Path file) throws IOException {
        return new JarOutputStream(Files.newOutputStream(file));
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}

package io.freshet.model.tensorflow.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CudaLibrariesTest {

    private static final String CUBLAS = "libcublas.so.12";
    private static final String CUBLAS_LT = "libcublasLt.so.12";

    @TempDir private Path directory;

    /** TensorFlow opens a library by its name alone, and so does this. */
    @Test
    void whatTheJarHasIsFoundByItsNameThoughNoPathLeadsThere() throws IOException {
        assertThatThrownBy(() -> NativeLibrary.getInstance(CUBLAS).close())
                .isInstanceOf(UnsatisfiedLinkError.class);

        List<File> loaded = CudaLibraries.load(classPathWithCublas());

        assertThat(loaded).extracting(File::getName).containsExactly(CUBLAS_LT, CUBLAS);
        assertThatCode(() -> NativeLibrary.getInstance(CUBLAS).close()).doesNotThrowAnyException();
        assertThat(Files.readString(Path.of("/proc/self/maps")))
                .contains(loaded.get(0).getPath())
                .contains(loaded.get(1).getPath());
    }

    @Test
    void withoutTheJarNothingIsLoaded() throws IOException {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            assertThat(CudaLibraries.load(empty)).isEmpty();
        }
    }

    /** In the jar the one that needs the other comes first, as in bytedeco's. */
    private ClassLoader classPathWithCublas() throws IOException {
        Path jar = directory.resolve("cuda-redist.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            add(out, CUBLAS, TestingSharedObject.named(CUBLAS, CUBLAS_LT));
            add(out, CUBLAS_LT, TestingSharedObject.named(CUBLAS_LT));
        }
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry("org/bytedeco/cuda/linux-x86_64/" + name));
        out.write(content);
        out.closeEntry();
    }
}

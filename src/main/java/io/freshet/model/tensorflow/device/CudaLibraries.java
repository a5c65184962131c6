package io.freshet.model.tensorflow.device;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * CUDA's and cuDNN's libraries, from the jar {@code org.bytedeco:cuda:…:linux-x86_64-redist}.
 *
 * <p>TensorFlow opens them by name when it first needs a GPU, and the system's loader gives it one
 * of the same name that the process has already. So they are unpacked to JavaCPP's cache, once per
 * machine, and loaded from there, each after those that it needs. Neither root nor {@code
 * LD_LIBRARY_PATH} is needed. Without the jar TensorFlow finds those that the host has.
 */
public final class CudaLibraries {

    private static final String DRIVER = "cuda";

    private static final String DIRECTORY = "org/bytedeco/cuda/linux-x86_64/";

    /** What TensorFlow 2.16.1 opens, and what that needs. */
    private static final List<String> NEEDED_FIRST =
            List.of(
                    "libcudart.so.12",
                    "libnvJitLink.so.12",
                    "libnvrtc-builtins.so.12.3",
                    "libnvrtc.so.12",
                    "libcublasLt.so.12",
                    "libcublas.so.12",
                    "libcufft.so.11",
                    "libcurand.so.10",
                    "libcusparse.so.12",
                    "libcusolver.so.11",
                    "libcudnn_ops_infer.so.8",
                    "libcudnn_cnn_infer.so.8",
                    "libcudnn_adv_infer.so.8",
                    "libcudnn_ops_train.so.8",
                    "libcudnn_cnn_train.so.8",
                    "libcudnn_adv_train.so.8",
                    "libcudnn.so.8",
                    "libnccl.so.2");

    private CudaLibraries() {}

    /**
     * Loads them where they are of use: on a host with a driver, from a class path with the jar.
     */
    public static void load() {
        if (hasDriver()) {
            load(CudaLibraries.class.getClassLoader());
        }
    }

    /**
     * Loads what is on a class path.
     *
     * @return files that were loaded
     */
    static List<File> load(ClassLoader classPath) {
        List<File> loaded = new ArrayList<>();
        for (String name : NEEDED_FIRST) {
            URL packed = classPath.getResource(DIRECTORY + name);
            if (packed != null) {
                loaded.add(load(packed));
            }
        }
        return loaded;
    }

    private static File load(URL packed) {
        try {
            File file = Loader.cacheResource(packed);
            Loader.loadGlobal(file.getPath());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(packed + " can't be unpacked", e);
        }
    }

    /** What there is of them, for messages. */
    static String report() {
        ClassLoader classPath = CudaLibraries.class.getClassLoader();
        long packed =
                NEEDED_FIRST.stream()
                        .filter(name -> classPath.getResource(DIRECTORY + name) != null)
                        .count();
        return "%s driver (libcuda.so.1), %d of %d CUDA libraries on the class path"
                .formatted(hasDriver() ? "a" : "no", packed, NEEDED_FIRST.size());
    }

    private static boolean hasDriver() {
        try {
            NativeLibrary.getInstance(DRIVER).close();
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}

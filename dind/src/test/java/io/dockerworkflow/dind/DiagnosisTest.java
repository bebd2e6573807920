package io.dockerworkflow.dind;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {

    /** The words are those of real daemons, engines and shells. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            docker-workflow: this image has no dockerd                                                        | Use an image that has dockerd
            OCI runtime create failed: exec: "sh": executable file not found in $PATH: unknown                 | The image has no shell
            failed to start daemon: mkdir /sys/fs/cgroup/cpuset/docker: read-only file system                  | The daemon may not make cgroups
            failed to start containerd: timeout waiting for containerd to start                                | Another daemon may be using
            OCI runtime create failed: unable to apply caps: operation not permitted                           | The engine lacks capabilities
            Error creating mount namespace before pivot: operation not permitted                               | A security module
            unable to create session key: operation not permitted                                              | A security module
            iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied             | The daemon was denied NET_ADMIN
            can't initialize iptables table `nat': Table does not exist (do you need to insmod?)               | The machine's kernel lacks
            write /var/lib/docker/tmp/x: no space left on device                                               | Free space
            invalid mount config for type "bind": bind source path does not exist: /tmp/dw-1/daemon            | The engine does not see
            exec /usr/bin/sh: exec format error                                                                | The image is for another
            Devices cgroup isn't mounted                                                                       | Mount the cgroup file systems
            mount: /sys/fs/cgroup/blkio: permission denied.                                                    | The daemon may not make cgroups
            iptables failed: iptables -t nat -N DOCKER: iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root) | The daemon was denied NET_ADMIN
            docker-workflow: this image has no rootlesskit, which a rootless daemon needs                      | Use an image with rootlesskit
            error gathering device information while adding custom device "/dev/net/tun": no such file or directory | Rootless networking needs
            [rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: operation not permitted | Allow user namespaces
            newuidmap 30 [0 1000 1 1 100000 65536] failed: newuidmap: write to uid_map failed: Operation not permitted | newuidmap in the image
            something that nobody has seen yet                                                                 | Read the daemon's words
            """)
    void remedyWhenWordsAreKnownSaysWhatToDo(String words, String remedy) {
        assertThat(Diagnosis.remedy(words)).startsWith(remedy);
    }
}

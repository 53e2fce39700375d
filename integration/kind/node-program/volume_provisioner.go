package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// The name that the StorageClass calls this provisioner by.
const provisionerName = "cordanetes/node-directory"

// nodeDirectories makes each volume a directory of the node that the scheduler chose for its first pod.
//
// The volumes are of type `local`: unlike for hostPath, the kubelet gives them the group that a pod's fsGroup
// asks for, so that pods under Pod Security "restricted" can write to them.
type nodeDirectories struct {
	node string
	root string
}

var (
	_ controller.Provisioner   = nodeDirectories{}
	_ controller.Qualifier     = nodeDirectories{}
	_ controller.DeletionGuard = nodeDirectories{}
)

// provisionVolumes serves the claims of its own node until it is told to stop. One runs on each node.
func provisionVolumes() error {
	directories := nodeDirectories{node: os.Getenv("NODE_NAME"), root: os.Getenv("VOLUMES")}
	if directories.node == "" || directories.root == "" {
		return fmt.Errorf("set NODE_NAME to this node's name and VOLUMES to the directory of its volumes")
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	controller.NewProvisionController(ctx, client, provisionerName, directories,
		// Each node has a provisioner of its own, so there is nothing to elect.
		controller.LeaderElection(false),
	).Run(ctx)
	return nil
}

// ShouldProvision is true for claims whose pod was put on this node.
func (d nodeDirectories) ShouldProvision(_ context.Context, claim *corev1.PersistentVolumeClaim) bool {
	return claim.Annotations["volume.kubernetes.io/selected-node"] == d.node
}

// ShouldDelete is true for volumes whose directory is on this node.
func (d nodeDirectories) ShouldDelete(_ context.Context, volume *corev1.PersistentVolume) bool {
	return volume.Annotations["cordanetes/node"] == d.node
}

// Provision makes the directory and describes it.
func (d nodeDirectories) Provision(
	ctx context.Context, options controller.ProvisionOptions,
) (*corev1.PersistentVolume, controller.ProvisioningState, error) {
	path := filepath.Join(d.root, options.PVName)
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	// The umask took bits away; a pod without fsGroup must be able to write as well.
	if err := os.Chmod(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	klog.FromContext(ctx).Info("made a volume", "claim", klog.KObj(options.PVC), "path", path)
	filesystem := corev1.PersistentVolumeFilesystem
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        options.PVName,
			Annotations: map[string]string{"cordanetes/node": d.node},
		},
		Spec: corev1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   options.PVC.Spec.AccessModes,
			VolumeMode:                    &filesystem,
			Capacity: corev1.ResourceList{
				corev1.ResourceStorage: options.PVC.Spec.Resources.Requests[corev1.ResourceStorage],
			},
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				Local: &corev1.LocalVolumeSource{Path: path},
			},
			NodeAffinity: &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{
				NodeSelectorTerms: []corev1.NodeSelectorTerm{{
					MatchExpressions: []corev1.NodeSelectorRequirement{{
						Key:      corev1.LabelHostname,
						Operator: corev1.NodeSelectorOpIn,
						Values:   []string{d.node},
					}},
				}},
			}},
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the directory with all that is in it.
func (d nodeDirectories) Delete(ctx context.Context, volume *corev1.PersistentVolume) error {
	local := volume.Spec.Local
	if local == nil || filepath.Dir(local.Path) != d.root {
		return &controller.IgnoredError{Reason: "its directory is not below " + d.root}
	}
	klog.FromContext(ctx).Info("removing a volume", "volume", volume.Name, "path", local.Path)
	return os.RemoveAll(local.Path)
}

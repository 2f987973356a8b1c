from course_lib.viz import draw_losses, draw_training


def test_losses_have_a_curve_and_a_legend_entry_each() -> None:
    picture = draw_losses({"slow": [4.0, 3.0, 2.5], "fast": [4.0, 1.0]}, logarithmic=True)
    (ax,) = picture.figure.axes
    assert [list(line.get_ydata()) for line in ax.lines] == [[4.0, 3.0, 2.5], [4.0, 1.0]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["slow", "fast"]
    assert ax.get_yscale() == "log"
    assert (
        picture.alt
        == "Loss over steps: slow falls from 4 to 2.5 in 3 steps; fast falls from 4 to 1 in 2 steps."
    )


def test_curves_may_be_more_than_there_are_styles() -> None:
    (ax,) = draw_losses({str(k): [2.0, 1.0] for k in range(9)}).figure.axes
    styles = [line.get_linestyle() for line in ax.lines]
    assert len(set(styles[:4])) == 4
    assert styles[4:8] == styles[:4]


def test_training_shows_the_loss_and_both_accuracies() -> None:
    picture = draw_training(
        {"loss_history": [2.3, 1.0, 0.5], "train_acc_history": [0.5, 0.75], "val_acc_history": [0.4, 0.6]}
    )
    loss, accuracy = picture.figure.axes
    assert list(loss.lines[0].get_ydata()) == [2.3, 1.0, 0.5]
    assert [list(line.get_ydata()) for line in accuracy.lines] == [[0.5, 0.75], [0.4, 0.6]]
    assert list(accuracy.lines[0].get_xdata()) == [1, 2]
    assert "the loss goes from 2.3 to 0.5 in 3 steps" in picture.alt
    assert "validation accuracy 0.600 after 2 epochs" in picture.alt


def test_training_shorter_than_an_epoch_shows_the_loss_alone() -> None:
    history = {"loss_history": [2.3, 1.0], "train_acc_history": [], "val_acc_history": []}
    assert draw_training(history).alt == "Training: the loss goes from 2.3 to 1 in 2 steps."
